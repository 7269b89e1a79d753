/**
 * A visit to an identity provider without a browser: begins it as the sign-in page does, walks through the provider's pages
 * as somebody, and brings the answer back to our callback.
 *
 *     const visitor = newVisitor();
 *     const { path, session } = await visitor.signIn(provider, { name: "Alice", email: "alice@example.com" });
 */
import { comeBack } from "@/lib/identities/come-back";
import { requireProvider } from "@/lib/identities/providers";
import { beginVisit, type Errand } from "@/lib/identities/visit";
import { findSession, type Session } from "@/lib/session/lookup";
import { newToken } from "@/lib/session/token";
import type { TestSession } from "./people";

/** Who they say they are at the provider. */
export interface Visitor {
	name?: string;
	email?: string;
	verified?: boolean;
}

/** What came of coming back. */
export interface Arrived {
	/** Where the browser is sent on to. */
	path: string;
	/** The word in it for a refusal; null if there was none. */
	refused: string | null;
	/** The session that its new cookie opens; null if it got none. */
	session: TestSession | null;
}

const ORIGIN = { ip: "192.0.2.20", userAgent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0" };

interface Bringing {
	as?: TestSession | null;
	/** Another browser than the one that went there, or none. */
	from?: string | null;
}

/** A browser of its own, with its own cookies. */
export function newVisitor(ip = `198.51.100.${Math.floor(Math.random() * 250)}`) {
	const browser = newToken();
	const cookies = new Map<string, string>();
	const origin = { ...ORIGIN, ip };

	async function begin(provider: string, errand: Errand = "sign_in", session: Session | null = null): Promise<URL> {
		const next = errand === "sign_in" ? "/projects" : "/settings/security";
		return beginVisit(await requireProvider(provider), { errand, next, browser, origin, session });
	}

	/** At the provider: gives the address that it sends the browser back to. */
	async function walk(start: URL, who: Visitor | "cancel" | null): Promise<URL> {
		let url = start;
		let form: URLSearchParams | undefined;
		for (let steps = 0; steps < 12; steps++) {
			const headers = { Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") };
			const answer = await fetch(url, { method: form ? "POST" : "GET", body: form, headers, redirect: "manual" });
			for (const cookie of answer.headers.getSetCookie()) {
				const [name = "", value = ""] = cookie.split(";")[0]?.split(/=(.*)/) ?? [];
				cookies.set(name, value);
			}
			form = undefined;
			const location = answer.headers.get("location");
			if (location) {
				url = new URL(location, url);
				if (url.pathname.startsWith("/sign-in/callback/")) return url;
			} else if (answer.ok && who) {
				const fields = who === "cancel" ? { act: "cancel" } : fieldsOf(who);
				form = new URLSearchParams(fields);
			} else {
				throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
			}
		}
		throw new Error("the provider sent the visitor in circles");
	}

	/** What the callback does, with the session that this browser has, if it has one. */
	async function bringBack(answer: URL, { as = null, from = browser }: Bringing = {}): Promise<Arrived> {
		const providerId = answer.pathname.split("/").at(-1) ?? "";
		const tokens = as?.tokens ?? null;
		const arrival = { providerId, parameters: answer.searchParams, browser: from, session: as, tokens, origin };
		const { path, tokens: given } = await comeBack(arrival);
		const refused = new URL(path, answer).searchParams.get("refused");
		const session = given ? await findSession(given, origin) : null;
		return { path, refused, session: session && given ? { ...session, tokens: given } : null };
	}

	return {
		begin,
		walk,
		bringBack,
		/** All of it. */
		async signIn(provider: string, who: Visitor | null, as?: TestSession | null): Promise<Arrived> {
			return bringBack(await walk(await begin(provider), who), { as });
		},
		async link(provider: string, who: Visitor, as: TestSession): Promise<Arrived> {
			return bringBack(await walk(await begin(provider, "link", as), who), { as });
		},
		async prove(provider: string, who: Visitor, as: TestSession): Promise<Arrived> {
			return bringBack(await walk(await begin(provider, "proof", as), who), { as });
		},
	};
}

function fieldsOf({ name = "", email = "", verified = true }: Visitor): Record<string, string> {
	return { name, email, verified: verified ? "yes" : "no" };
}
