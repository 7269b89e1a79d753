/**
 * An identity provider that says whatever a test wants it to: any ID token, signed in any way, late, or never. What it
 * says when it is left alone is right.
 */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWTHeaderParameters, type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import type { ProviderSettings } from "@/lib/identities/provider-settings";

/** How a token is made, where it is not made right. */
export interface Signing {
	/** What stands in the claims; undefined leaves one out. */
	claims?: Record<string, unknown>;
	header?: Partial<JWTHeaderParameters>;
	/** "stranger": by a key that is not published. "secret" and "public key": HMAC with what an attacker may know. */
	by?: "itself" | "nobody" | "stranger" | "secret" | "public key";
}

export interface HostileProvider {
	settings: ProviderSettings;
	/** What it says about itself, where that is not right. */
	metadata: Record<string, unknown>;
	/** What its ID tokens say beside issuer, audience and times. */
	claims: JWTPayload;
	/** How they are made. */
	signing: Signing;
	/** What happens instead of an answer, by the path that is asked for. */
	trouble: Record<string, "hangs" | "hangs up" | "fails" | "is huge" | "redirects" | "is no JSON">;
	/** How often each path was asked for. */
	asked: Record<string, number>;
	sign(good: JWTPayload, signing?: Signing): Promise<string>;
	/** Signs with another key from now on, and publishes only that. */
	rotateKey(): Promise<void>;
	stop(): Promise<void>;
}

const SECRET = "the client's secret at the provider";

export async function startHostileProvider(id = "hostile"): Promise<HostileProvider> {
	let key = await newKey();
	const stranger = await newKey();
	const server = createServer(async (request, response) => {
		const { pathname } = new URL(request.url ?? "/", issuer);
		provider.asked[pathname] = (provider.asked[pathname] ?? 0) + 1;
		if (answerBadly(provider.trouble[pathname], response)) return;
		const answer = await answers[pathname]?.();
		response.writeHead(answer ? 200 : 404, { "Content-Type": "application/json" }).end(JSON.stringify(answer ?? {}));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;

	const answers: Record<string, () => unknown> = {
		"/.well-known/openid-configuration": () => ({
			issuer,
			authorization_endpoint: `${issuer}/authorize`,
			token_endpoint: `${issuer}/token`,
			jwks_uri: `${issuer}/jwks`,
			end_session_endpoint: `${issuer}/end`,
			response_types_supported: ["code"],
			subject_types_supported: ["public"],
			// As bad as it gets.
			id_token_signing_alg_values_supported: ["ES256", "RS256", "HS256", "none"],
			authorization_response_iss_parameter_supported: true,
			...provider.metadata,
		}),
		"/jwks": () => ({ keys: [key.jwk] }),
		"/token": async () => ({
			access_token: "an access token",
			token_type: "Bearer",
			id_token: await provider.sign(provider.claims),
		}),
	};

	const provider: HostileProvider = {
		settings: { id, name: "Hostile", issuer, clientId: "kickoff", clientSecret: SECRET },
		metadata: {},
		claims: {},
		signing: {},
		trouble: {},
		asked: {},
		async sign(good, { claims, header, by = "itself" } = provider.signing) {
			const now = Math.floor(Date.now() / 1000);
			const payload = { iss: issuer, aud: "kickoff", iat: now, exp: now + 120, ...good, ...claims };
			if (by === "nobody") return new UnsecuredJWT(payload).encode();
			const signed = new SignJWT(payload);
			if (by === "secret" || by === "public key") {
				const secret = by === "secret" ? SECRET : JSON.stringify(key.jwk);
				return signed.setProtectedHeader({ alg: "HS256", ...header }).sign(new TextEncoder().encode(secret));
			}
			const signer = by === "stranger" ? { ...stranger, jwk: { ...stranger.jwk, kid: key.jwk.kid } } : key;
			return signed
				.setProtectedHeader({ alg: "ES256", kid: signer.jwk.kid, ...header })
				.sign(signer.privateKey, { crit: { exp: true } });
		},
		async rotateKey() {
			key = await newKey();
		},
		stop() {
			server.closeAllConnections();
			return new Promise<void>((resolve) => void server.close(() => resolve()));
		},
	};
	return provider;
}

async function newKey() {
	const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
	const kid = crypto.randomUUID();
	return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, use: "sig", alg: "ES256" } };
}

function answerBadly(trouble: HostileProvider["trouble"][string] | undefined, response: ServerResponse): boolean {
	const json = { "Content-Type": "application/json" };
	if (trouble === "hangs up") response.destroy();
	if (trouble === "fails") response.writeHead(503).end();
	if (trouble === "redirects") response.writeHead(302, { Location: "http://127.0.0.1:1/" }).end();
	if (trouble === "is no JSON") response.writeHead(200, json).end("<html>");
	if (trouble === "is huge") response.writeHead(200, json).end(`{"x":"${"x".repeat(1_000_000)}"}`);
	return trouble !== undefined;
}
