/**
 * What a provider's answer proves. openid-client checks the answer itself (state, `iss`, error), spends the code with its
 * PKCE verifier, and checks the ID token: signature, issuer, audience, nonce, times (OWASP ASVS 5.0, V10.5). What is taken
 * from the claims afterwards is parsed like all input, because a provider is no part of us.
 */
import {
	AuthorizationResponseError,
	authorizationCodeGrant,
	type ClientError,
	type Configuration,
	fetchUserInfo,
} from "openid-client";
import { z } from "zod";
import { emailField, nameField } from "@/lib/accounts/fields";
import type { Role } from "@/lib/permissions/matrix";
import { configurationOf } from "./metadata";
import { callbackUrl, type Provider } from "./providers";
import { ProviderRefusal } from "./refusals";
import type { Visit } from "./visit";

/** Somebody, as their provider knows them. */
export interface ProvenIdentity {
	provider: Provider;
	issuer: string;
	subject: string;
	/** Normalised; null if the provider says none, or none that is one. */
	email: string | null;
	emailVerified: boolean;
	name: string;
	/** What the configuration lets the provider's claims say about a newcomer. */
	role: Role;
	/** The provider's own session. */
	sid: string | null;
	/** When the provider asked them who they are; null if it does not say. */
	authenticatedAt: Date | null;
}

/** Throws a ProviderRefusal for every answer that is not a good one. */
export async function readAnswer(
	provider: Provider,
	visit: Visit,
	parameters: URLSearchParams,
): Promise<ProvenIdentity> {
	const configuration = await configurationOf(provider);
	try {
		const tokens = await authorizationCodeGrant(configuration, addressOf(provider, parameters), {
			pkceCodeVerifier: visit.verifier,
			expectedState: parameters.get("state") ?? "",
			expectedNonce: visit.nonce,
			idTokenExpected: true,
		});
		const claims = tokens.claims() ?? {};
		const complete = { ...(await userInfo(configuration, tokens.access_token, claims)), ...claims };
		return describe(provider, claimsSchema.parse(complete), complete);
	} catch (error) {
		if (error instanceof AuthorizationResponseError) {
			throw new ProviderRefusal(error.error === "access_denied" ? "declined" : "untrusted", error);
		}
		throw new ProviderRefusal(isUnreachable(error) ? "unreachable" : "untrusted", error);
	}
}

/** The address that the answer came to, by our own name for it: behind a proxy the request knows another. */
function addressOf(provider: Provider, parameters: URLSearchParams): URL {
	const url = new URL(callbackUrl(provider));
	url.search = parameters.toString();
	return url;
}

/** Some providers put the address into the ID token, others only here. */
async function userInfo(configuration: Configuration, accessToken: string, claims: { sub?: string; email?: unknown }) {
	if (claims.email || !configuration.serverMetadata().userinfo_endpoint) return {};
	return fetchUserInfo(configuration, accessToken, claims.sub ?? "");
}

/** What a provider calls a person or a session. OpenID Connect Core allows 255 ASCII characters; PostgreSQL knows no NUL. */
export const idField = z
	.string()
	.min(1)
	.max(255)
	.regex(/^\P{Cc}+$/u);

const claimsSchema = z.object({
	iss: z.string(),
	sub: idField,
	sid: idField.optional(),
	email: emailField.nullable().catch(null).default(null),
	/** Nothing but `true`: some providers say "false" in words. */
	email_verified: z.literal(true).optional().catch(undefined),
	name: nameField.optional().catch(undefined),
	/** In seconds; up to what a Date can hold. */
	auth_time: z.number().positive().max(8.64e12).optional().catch(undefined),
});

function describe(
	provider: Provider,
	{ iss, sub, sid, email, email_verified, name, auth_time }: z.output<typeof claimsSchema>,
	claims: Record<string, unknown>,
): ProvenIdentity {
	return {
		provider,
		issuer: iss,
		subject: sub,
		email,
		emailVerified: email_verified === true,
		name: name ?? nameField.catch("Somebody").parse(email?.split("@")[0]),
		role: roleFrom(provider, claims),
		sid: sid ?? null,
		authenticatedAt: auth_time === undefined ? null : new Date(auth_time * 1000),
	};
}

/** The highest role that the configuration gives for what the claim says; it cannot give more than admin. */
function roleFrom({ roles }: Provider, claims: Record<string, unknown>): Role {
	const said = roles ? [claims[roles.claim]].flat() : [];
	const isGiven = (role: "admin" | "support") => roles?.[role].some((value) => said.includes(value));
	if (isGiven("admin")) return "admin";
	return isGiven("support") ? "support" : "user";
}

/** No connection, no answer in time, or none but an error of the server's. */
export function isUnreachable(error: unknown): boolean {
	const { code, cause, message } = error as Partial<ClientError>;
	if (code === "OAUTH_TIMEOUT" || code === "OAUTH_ABORT") return true;
	if (cause instanceof Response) return cause.status >= 500;
	return error instanceof TypeError && /^(fetch failed|terminated)$/.test(message ?? "");
}
