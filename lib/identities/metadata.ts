/**
 * What each identity provider says about itself (OpenID Connect Discovery), and how we talk to it. Nothing here runs unless
 * somebody goes to a provider, comes from one or adds one, so a dead one keeps nobody from their password.
 */
import {
	allowInsecureRequests,
	type ClientAuth,
	type ClientError,
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
import { log } from "@/lib/log";
import { openClientSecret } from "./client-secret";
import { noteFormTarget } from "./form-targets";
import { hasPlainHost } from "./provider-settings";
import type { Provider } from "./providers";
import { ProviderRefusal } from "./refusals";

/** What it takes to ask a provider who it is. */
type Asked = Pick<Provider, "id" | "issuer" | "clientId">;

/** For each request to a provider; a sign-in takes four at most. */
export const PROVIDER_TIMEOUT_SECONDS = 5;
/** How long what it says about itself is believed. */
const METADATA_MS = 600_000;
const ANSWER_LIMIT_BYTES = 262_144;

/**
 * What openid-client works with: what the provider says about itself, and our credentials there. The provider's keys are
 * fetched with each answer, so that it may change them whenever it likes. Throws a ProviderRefusal "unreachable".
 */
export async function configurationOf(provider: Provider): Promise<Configuration> {
	const metadata = await metadataOf(provider);
	const clientSecret = await secretOf(provider);
	const configuration = new Configuration(metadata, provider.clientId, {}, authentication(clientSecret));
	configuration.timeout = PROVIDER_TIMEOUT_SECONDS;
	configuration[customFetch] = boundedFetch;
	// The signature of an ID token is checked even though it came from the provider itself, by TLS.
	enableNonRepudiationChecks(configuration);
	if (isLocal(provider)) allowInsecureRequests(configuration);
	return configuration;
}

async function secretOf(provider: Provider): Promise<string> {
	if ("clientSecret" in provider) return provider.clientSecret;
	const secret = await openClientSecret(provider.sealedClientSecret);
	if (secret !== null) return secret;
	log.warn(
		{ provider: provider.id },
		"no SESSION_SECRET opens an identity provider's secret: give it again in the console",
	);
	throw new ProviderRefusal("unreachable");
}

/**
 * What the provider says about itself. The metadata is shared by the whole process, which has this module several times, and
 * kept by the issuer: an id may be another provider's by now.
 */
export function metadataOf(provider: Asked): Promise<ServerMetadata> {
	const kept = keptMetadata().get(provider.issuer);
	return kept && performance.now() - kept.at < METADATA_MS ? kept.answer : askAnew(provider);
}

/** The same as it is now, whatever is kept; that is replaced. */
export function askAnew(provider: Asked): Promise<ServerMetadata> {
	const known = keptMetadata();
	const answer = discover(provider);
	known.set(provider.issuer, { at: performance.now(), answer });
	// The next one asks again, instead of hearing of an outage that is over.
	answer.catch(() => known.delete(provider.issuer));
	return answer;
}

const keptMetadata = () =>
	processWide("provider-metadata", () => new Map<string, { at: number; answer: Promise<ServerMetadata> }>());

async function discover(provider: Asked): Promise<ServerMetadata> {
	const { issuer, clientId } = provider;
	try {
		const configuration = await discovery(new URL(issuer), clientId, {}, None(), {
			timeout: PROVIDER_TIMEOUT_SECONDS,
			[customFetch]: boundedFetch,
			execute: isLocal(provider) ? [allowInsecureRequests] : [],
		});
		const metadata = { ...configuration.serverMetadata() };
		if (metadata.issuer !== issuer) throw new OtherIssuer(metadata.issuer);
		const needed = ["authorization_endpoint", "token_endpoint", "jwks_uri"] as const;
		const optional = (["userinfo_endpoint", "end_session_endpoint"] as const).filter((part) => part in metadata);
		for (const part of [...needed, ...optional]) {
			const isSafe = isLocal(provider) || metadata[part]?.startsWith("https:");
			if (!isSafe || !hasPlainHost(metadata[part] ?? "")) throw new Error(`its ${part} is no address to trust`);
		}
		noteFormTarget(issuer, metadata.authorization_endpoint ?? issuer);
		return metadata;
	} catch (error) {
		const cause = asOtherIssuer(error) ?? error;
		log.warn({ error: cause, provider: provider.id }, "an identity provider does not say who it is");
		throw new ProviderRefusal("unreachable", cause);
	}
}

/** Whoever answers is not the issuer that was asked for, or writes it otherwise: its ID tokens would be refused. */
export class OtherIssuer extends Error {
	/** What it calls itself. */
	readonly itself: string;

	constructor(itself: string) {
		super(`it calls itself ${itself}`);
		this.name = "OtherIssuer";
		this.itself = itself;
	}
}

/** openid-client compares the addresses, and we every sign of them. */
function asOtherIssuer(error: unknown): OtherIssuer | undefined {
	const { code, cause } = error as Partial<ClientError>;
	const { attribute, body } = (cause ?? {}) as { attribute?: string; body?: { issuer?: string } };
	const isOther = code === "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED" && attribute === "issuer";
	return isOther ? new OtherIssuer(String(body?.issuer)) : undefined;
}

const isLocal = ({ issuer }: Asked) => issuer.startsWith("http:");

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
