/**
 * How a service proves who it is at the token endpoint: with a secret (HTTP Basic; RFC 6749, section 2.3.1) or, better, with
 * an assertion that it signs with its own key (private_key_jwt; RFC 7523). Every failure sounds the same.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { and, eq, isNull } from "drizzle-orm";
import { createLocalJWKSet, decodeJwt, errors, type JSONWebKeySet, jwtVerify } from "jose";
import { z } from "zod";
import { db } from "@/db/client";
import { serviceClients } from "@/db/schema";
import { environment } from "@/lib/environment";
import { OAuthError } from "@/lib/tokens/oauth-error";
import { takeOnce } from "@/lib/tokens/take-once";

export const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
export const ASSERTION_ALGORITHMS = ["ES256", "EdDSA", "PS256", "RS256"];
/** An assertion is made for one request; one that is good for longer is careless. */
const ASSERTION_MAX_SECONDS = 300;
const CLOCK_TOLERANCE_SECONDS = 5;

export const tokenEndpointUrl = () => `${environment().APP_URL}/api/oauth/token`;

export type ServiceClient = typeof serviceClients.$inferSelect;

interface Credentials {
	/** The Authorization header. */
	authorization: string | null;
	assertionType?: string;
	assertion?: string;
}

/** The client that sent the request. Throws an OAuthError "invalid_client" for anything but a good proof by a known one. */
export async function authenticateClient({
	authorization,
	assertionType,
	assertion,
}: Credentials): Promise<ServiceClient> {
	const ways = [authorization, assertion].filter(Boolean).length;
	if (ways !== 1) throw new OAuthError("invalid_client", "Prove who you are, in one way.");
	if (authorization) return bySecret(authorization);
	if (assertionType !== ASSERTION_TYPE) throw new OAuthError("invalid_client", "That type of assertion is not known.");
	return byAssertion(assertion ?? "");
}

async function bySecret(authorization: string): Promise<ServiceClient> {
	const [, encoded = ""] = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(authorization) ?? [];
	const [id = "", secret = ""] = Buffer.from(encoded, "base64").toString("utf8").split(":").map(formDecoded);
	const client = await enabledClient(id);
	// Compared also where there is no such client, so that the answer takes as long.
	const expected = client?.secretHash ?? createHash("sha256").digest();
	const matches = timingSafeEqual(hashSecret(secret), expected);
	if (!client?.secretHash || !matches) throw refusal(id);
	return client;
}

async function byAssertion(assertion: string): Promise<ServiceClient> {
	const id = issuerOf(assertion);
	const client = await enabledClient(id);
	if (!client?.publicKeys) throw refusal(id);
	try {
		const { payload } = await jwtVerify(assertion, createLocalJWKSet(client.publicKeys as unknown as JSONWebKeySet), {
			algorithms: ASSERTION_ALGORITHMS,
			issuer: client.id,
			subject: client.id,
			audience: [tokenEndpointUrl(), environment().APP_URL],
			clockTolerance: CLOCK_TOLERANCE_SECONDS,
			requiredClaims: ["exp", "jti"],
		});
		const { jti, exp = 0 } = z.object({ jti: z.string().min(1).max(256), exp: z.number() }).parse(payload);
		if (exp > Date.now() / 1000 + ASSERTION_MAX_SECONDS + CLOCK_TOLERANCE_SECONDS) throw refusal(id);
		if (!(await takeOnce(db, client.id, jti, exp))) throw refusal(id);
		return client;
	} catch (error) {
		if (error instanceof errors.JOSEError || error instanceof z.ZodError) throw refusal(id);
		throw error;
	}
}

/** Whose the assertion says that it is; proven only by the signature. */
function issuerOf(assertion: string): string {
	try {
		return decodeJwt(assertion).iss ?? "";
	} catch {
		return "";
	}
}

async function enabledClient(id: string): Promise<ServiceClient | undefined> {
	if (!z.uuid().safeParse(id).success) return undefined;
	const [client] = await db
		.select()
		.from(serviceClients)
		.where(and(eq(serviceClients.id, id), isNull(serviceClients.disabledAt)));
	return client;
}

/** SHA-256. A fast hash is right here: there is nothing to guess in 256 random bits. */
export function hashSecret(secret: string): Buffer {
	return createHash("sha256").update(secret).digest();
}

/** The same for every failure. */
export function refusal(clientId: string): OAuthError {
	const error = new OAuthError("invalid_client", "That is not a service client, or not its proof.");
	if (z.uuid().safeParse(clientId).success) error.clientId = clientId;
	return error;
}

/** RFC 6749 has both halves of Basic form-encoded. */
function formDecoded(text: string): string {
	try {
		return decodeURIComponent(text.replace(/\+/g, " "));
	} catch {
		return "";
	}
}
