/**
 * The identity providers of the configuration, and what each says about itself (OpenID Connect Discovery). Nothing here
 * runs unless somebody goes to a provider or comes from one, so a dead one keeps nobody from their password.
 */
import {
	allowInsecureRequests,
	type ClientAuth,
	ClientSecretBasic,
	ClientSecretPost,
	Configuration,
	type CustomFetch,
	customFetch,
	discovery,
	enableNonRepudiationChecks,
	None,
	type ServerMetadata,
} from "openid-client";
import { processWide } from "@/db/process-wide";
import { environment } from "@/lib/environment";
import { Refusal } from "@/lib/errors";
import { log } from "@/lib/log";
import { noteFormTarget } from "./form-targets";
import type { ProviderSettings } from "./provider-settings";
import { ProviderRefusal } from "./refusals";

export type Provider = ProviderSettings;

/** For each request to a provider; a sign-in takes four at most. */
export const PROVIDER_TIMEOUT_SECONDS = 5;
/** How long what it says about itself is believed. */
const METADATA_MS = 600_000;
const ANSWER_LIMIT_BYTES = 262_144;

/** Everything that can be signed in with, in the order of the configuration. */
export const providers = () => environment().OIDC_PROVIDERS;

export function findProvider(id: string): Provider | undefined {
	return providers().find((provider) => provider.id === id);
}

/** Throws a Refusal "not-found" for one that is not in the configuration. */
export function requireProvider(id: string): Provider {
	const provider = findProvider(id);
	if (!provider) throw new Refusal("not-found", "There is no such identity provider.");
	return provider;
}

/** Where the provider sends people back to; as it must be registered there. */
export const callbackUrl = ({ id }: Provider) => `${environment().APP_URL}/sign-in/callback/${id}`;

/**
 * What openid-client works with: what the provider says about itself, and our credentials there. The provider's keys are
 * fetched with each answer, so that it may change them whenever it likes. Throws a ProviderRefusal "unreachable".
 */
export async function configurationOf(provider: Provider): Promise<Configuration> {
	const { clientId, clientSecret } = provider;
	const configuration = new Configuration(await metadataOf(provider), clientId, {}, authentication(clientSecret));
	configuration.timeout = PROVIDER_TIMEOUT_SECONDS;
	configuration[customFetch] = boundedFetch;
	// The signature of an ID token is checked even though it came from the provider itself, by TLS.
	enableNonRepudiationChecks(configuration);
	if (isLocal(provider)) allowInsecureRequests(configuration);
	return configuration;
}

/** What the provider says about itself. The metadata is shared by the whole process, which has this module several times. */
export function metadataOf(provider: Provider): Promise<ServerMetadata> {
	const known = processWide(
		"provider-metadata",
		() => new Map<string, { at: number; answer: Promise<ServerMetadata> }>(),
	);
	const kept = known.get(provider.id);
	if (kept && performance.now() - kept.at < METADATA_MS) return kept.answer;
	const answer = discover(provider);
	known.set(provider.id, { at: performance.now(), answer });
	// The next one asks again, instead of hearing of an outage that is over.
	answer.catch(() => known.delete(provider.id));
	return answer;
}

async function discover(provider: Provider): Promise<ServerMetadata> {
	const { issuer, clientId } = provider;
	try {
		const configuration = await discovery(new URL(issuer), clientId, {}, None(), {
			timeout: PROVIDER_TIMEOUT_SECONDS,
			[customFetch]: boundedFetch,
			execute: isLocal(provider) ? [allowInsecureRequests] : [],
		});
		const metadata = { ...configuration.serverMetadata() };
		if (metadata.issuer !== issuer) throw new Error(`it calls itself ${metadata.issuer}`);
		const needed = ["authorization_endpoint", "token_endpoint", "jwks_uri"] as const;
		const optional = (["userinfo_endpoint", "end_session_endpoint"] as const).filter((part) => part in metadata);
		for (const part of [...needed, ...optional]) {
			const isSafe = isLocal(provider) || metadata[part]?.startsWith("https:");
			if (!isSafe || !URL.canParse(metadata[part] ?? "")) throw new Error(`its ${part} is no address to trust`);
		}
		noteFormTarget(issuer, metadata.authorization_endpoint ?? issuer);
		return metadata;
	} catch (cause) {
		log.warn({ error: cause, provider: provider.id }, "an identity provider does not say who it is");
		throw new ProviderRefusal("unreachable", cause);
	}
}

const isLocal = ({ issuer }: Provider) => issuer.startsWith("http:");

/** By HTTP Basic, which is what providers expect of a client (OpenID Connect Core, section 9), unless they do not know it. */
function authentication(clientSecret: string): ClientAuth {
	return (server, ...rest) => {
		const supported = server.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
		const isBasic = supported.includes("client_secret_basic");
		return (isBasic ? ClientSecretBasic : ClientSecretPost)(clientSecret)(server, ...rest);
	};
}

/** Nobody makes us hold an answer of any length. */
const boundedFetch: CustomFetch = async (url, options) => {
	const response = await fetch(url, options as RequestInit);
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	for await (const chunk of response.body ?? []) {
		bytes += chunk.byteLength;
		if (bytes > ANSWER_LIMIT_BYTES) throw new Error("the provider's answer is too large");
		chunks.push(chunk);
	}
	const { status, headers } = response;
	return new Response(chunks.length > 0 ? Buffer.concat(chunks) : null, { status, headers });
};
