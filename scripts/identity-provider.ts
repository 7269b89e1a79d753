/**
 * An identity provider for development and tests: oidc-provider, which is certified, with everything in memory. It asks for
 * no password. Whoever clicks on a name is that person, so it is never part of a production.
 */
import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import Provider, { type Configuration } from "oidc-provider";
import type { ProviderSettings } from "@/lib/identities/provider-settings";
import { newMemory } from "./provider-memory";

/** Somebody as the provider knows them. */
export interface ProviderPerson {
	name: string;
	email: string;
	/** Whether the provider has verified the address; it has unless this says false. */
	verified?: boolean;
}

interface Options {
	/** Its id with us; "demo" if left out. */
	id?: string;
	port: number;
	/** The instances of the app that it serves. */
	apps: string[];
	/** Offered by name. */
	people: readonly ProviderPerson[];
	/** What it signs with, an RSA key as a JWK, for tests that sign in its name; a new one if left out. */
	key?: JWK;
}

export interface IdentityProvider {
	/** What goes into OIDC_PROVIDERS. */
	settings: Omit<ProviderSettings, "roles">;
	stop(): Promise<void>;
}

const SESSION_SECONDS = 3_600;
const VISIT_SECONDS = 600;

export async function startIdentityProvider({
	id = "demo",
	port,
	apps,
	people,
	key,
}: Options): Promise<IdentityProvider> {
	const issuer = `http://localhost:${port}`;
	const settings = {
		id,
		name: "Demo identity provider",
		issuer,
		clientId: "kickoff",
		clientSecret: randomBytes(32).toString("base64url"),
	};
	const known = new Map(people.map((person) => [subjectOf(person), person]));
	const provider = new Provider(issuer, configuration(settings, apps, known, key ?? (await newProviderKey())));
	const answer = provider.callback();
	const server = createServer(async (request, response) => {
		try {
			if (request.url?.startsWith("/interaction/")) await interact(provider, known, request, response);
			else await answer(request, response);
		} catch (error) {
			response.writeHead(400).end(String(error));
		}
	});
	await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
	const stop = () => {
		server.closeAllConnections();
		return new Promise<void>((resolve) => void server.close(() => resolve()));
	};
	return { settings, stop };
}

/** A key for it to sign with. */
export async function newProviderKey(): Promise<JWK> {
	const { privateKey } = await generateKeyPair("RS256", { extractable: true });
	return { ...(await exportJWK(privateKey)), kid: "demo" };
}

/** It stays the same from start to start, and is no address. */
const subjectOf = ({ email }: ProviderPerson) => createHash("sha256").update(email).digest("hex").slice(0, 24);

function configuration(
	{ id, clientId, clientSecret }: IdentityProvider["settings"],
	apps: string[],
	known: Map<string, ProviderPerson>,
	key: JWK,
): Configuration {
	return {
		adapter: newMemory(),
		clients: [
			{
				client_id: clientId,
				client_secret: clientSecret,
				redirect_uris: apps.map((app) => `${app}/sign-in/callback/${id}`),
				post_logout_redirect_uris: apps.map((app) => `${app}/sign-in`),
				backchannel_logout_uri: `${apps[0]}/api/oidc/${id}/backchannel-logout`,
				backchannel_logout_session_required: true,
			},
		],
		claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
		features: {
			devInteractions: { enabled: false },
			backchannelLogout: { enabled: true },
		},
		findAccount: (_context, accountId) => {
			const person = known.get(accountId);
			if (!person) return undefined;
			const { name, email, verified = true } = person;
			return { accountId, claims: () => ({ sub: accountId, name, email, email_verified: verified }) };
		},
		interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
		/** It serves one client, which is ours: nobody has to agree to anything. */
		async loadExistingGrant({ oidc }) {
			const { client, session, provider } = oidc;
			const grant = new provider.Grant({ clientId: client?.clientId, accountId: session?.accountId });
			grant.addOIDCScope("openid email profile");
			await grant.save();
			return grant;
		},
		cookies: { keys: [randomBytes(32).toString("base64url")] },
		jwks: { keys: [{ ...key, use: "sig", alg: "RS256" }] },
		ttl: {
			AccessToken: VISIT_SECONDS,
			AuthorizationCode: 60,
			IdToken: VISIT_SECONDS,
			Interaction: VISIT_SECONDS,
			Session: SESSION_SECONDS,
			Grant: SESSION_SECONDS,
		},
		// Its own has a guard against addresses such as localhost, where the app is.
		fetch: (url, options) => fetch(url as URL, { ...options, dispatcher: undefined } as RequestInit),
		renderError: (context, out) => {
			context.type = "text";
			context.body = JSON.stringify(out);
		},
	};
}

/** Asks who it is, and takes their word for it. */
async function interact(
	provider: Provider,
	known: Map<string, ProviderPerson>,
	request: IncomingMessage,
	response: ServerResponse,
): Promise<void> {
	if (request.method !== "POST") {
		response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(page([...known.values()]));
		return;
	}
	const sent = new URLSearchParams(await text(request));
	if (sent.get("act") === "cancel") {
		const error = { error: "access_denied", error_description: "It was cancelled" };
		return provider.interactionFinished(request, response, error, { mergeWithLastSubmission: false });
	}
	const email = sent.get("email") ?? "";
	const person = { email, name: sent.get("name") || email, verified: sent.get("verified") !== "no" };
	const accountId = subjectOf(person);
	known.set(accountId, known.get(accountId) ?? person);
	await provider.interactionFinished(request, response, { login: { accountId } }, { mergeWithLastSubmission: false });
}

const page = (people: ProviderPerson[]) => `<!doctype html>
<html lang="en">
<meta name="viewport" content="width=device-width">
<title>Demo identity provider</title>
<style>
	:root { color-scheme: light dark; font: 15px/1.5 system-ui; }
	main { max-width: 22rem; margin: 12vh auto; padding: 0 1rem; }
	form { margin: 0 0 .5rem; }
	button { font: inherit; width: 100%; padding: .5rem .75rem; text-align: left; border-radius: .5rem; border: 1px solid #8886; background: #8881; cursor: pointer; }
	small { opacity: .7; display: block; }
</style>
<main>
	<h1>Who are you?</h1>
	<p>This provider is for development: it believes you.</p>
	${people.slice(0, 8).map(button).join("\n\t")}
	<form method="post"><button name="act" value="cancel">Cancel</button></form>
</main>
</html>`;

const button = ({ name, email }: ProviderPerson) =>
	`<form method="post"><button name="email" value="${escaped(email)}">${escaped(name)} <small>${escaped(email)}</small></button></form>`;

const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
