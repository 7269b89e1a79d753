/**
 * Access tokens in a browser, for a single-page app on another origin of the same site: copy this file into it (see
 * docs/examples/spa). The token is in the memory of the tab and nowhere else. One tab asks for all of them: a Web Lock lets
 * one ask at a time, and a BroadcastChannel, which never leaves the origin, hands the token to the others.
 */

interface Options {
	/** The app's address, such as "https://app.example.com". */
	appUrl: string;
	/** Shows that nobody is signed in any more, or somebody else is. Called once; after it, this tab gets no token. */
	onSignedOut: () => void;
}

export interface AccessTokens {
	/** Like `fetch`, with a token. Throws SignedOut, or an Error when there is no token to be had at the moment. */
	fetch: (path: string, init?: RequestInit) => Promise<Response>;
	/** Lets go of everything. */
	close: () => void;
}

export class SignedOut extends Error {}

interface Token {
	value: string;
	/** The session that it hangs from. */
	sid: string;
	/** In milliseconds, by this machine's clock. */
	expiresAt: number;
	renewAt: number;
}

type Message = { kind: "token"; token: Token } | { kind: "anyone?" | "not I" | "signed-out" };

/** Renewed when so much of its time is left: enough for a slow answer, and for a second try. */
const RENEW_BEFORE_SHARE = 0.2;
/** How long a tab waits for what the others have, before it asks the server itself. One of them may be frozen. */
const OTHER_TABS_MS = 1_000;

/** Gets tokens for as long as somebody is signed in at the app, and renews them before they expire while they are used. */
export function accessTokens({ appUrl, onSignedOut }: Options): AccessTokens {
	const name = `access-token ${appUrl}`;
	const channel = new BroadcastChannel(name);
	const say = (message: Message) => channel.postMessage(message);
	let token: Token | undefined;
	/** A tab belongs to one session: whoever signs in anew is somebody else, for all that it knows. */
	let sid: string | undefined;
	let over = false;
	/** Since the token came. A tab that is left alone renews nothing, or no session would ever become idle. */
	let used = false;
	let timer: ReturnType<typeof setTimeout> | undefined;
	/** Called for each answer of another tab. */
	let heard = () => {};
	// Held for as long as the tab lives, so that the others know how many there are to ask.
	const life = new AbortController();
	const untilClosed = () => new Promise<void>((done) => life.signal.addEventListener("abort", () => done()));
	navigator.locks.request(`${name} tab`, { mode: "shared", signal: life.signal }, untilClosed).catch(() => {});

	channel.addEventListener("message", ({ data }: MessageEvent<Message>) => {
		if (data.kind === "signed-out") return end();
		if (data.kind === "anyone?") return say(token && isFresh(token) ? { kind: "token", token } : { kind: "not I" });
		if (data.kind === "token" && data.token.expiresAt > (token?.expiresAt ?? 0)) keep(data.token);
		heard();
	});

	function keep(next: Token): void {
		if (over) return;
		sid ??= next.sid;
		if (next.sid !== sid) return end();
		token = next;
		used = false;
		clearTimeout(timer);
		timer = setTimeout(() => used && renew().catch(() => {}), next.renewAt - Date.now());
	}

	function end(): void {
		if (over) return;
		close();
		onSignedOut();
	}

	function close(): void {
		over = true;
		token = undefined;
		clearTimeout(timer);
		channel.close();
		life.abort();
		heard();
	}

	/** A token that is good for a while yet; or, when no better one can be had, one that has not expired. */
	async function current(): Promise<Token> {
		const known = token;
		if (known && isFresh(known)) return known;
		try {
			return await renew();
		} catch (error) {
			if (error instanceof SignedOut || !known || known.expiresAt <= Date.now()) throw error;
			return known;
		}
	}

	/** @param refused a token that is not good, whatever its clock says */
	async function renew(refused?: Token): Promise<Token> {
		// Who had to wait for the lock waited for a tab that has a new token now; who never had one may find one elsewhere.
		const atOnce = await navigator.locks.request(name, { ifAvailable: true }, (lock) => lock && newer(!token, refused));
		return atOnce ?? navigator.locks.request(name, () => newer(true, refused));
	}

	async function newer(mayBeElsewhere: boolean, refused?: Token): Promise<Token> {
		const isThere = () => over || (token !== undefined && token.value !== refused?.value && isFresh(token));
		if (mayBeElsewhere && !isThere()) await askOtherTabs(isThere);
		if (!isThere()) await askServer();
		if (over || !token) throw new SignedOut("You are signed out.");
		return token;
	}

	async function askOtherTabs(isAnswered: () => boolean): Promise<void> {
		const { held = [] } = await navigator.locks.query();
		let silent = held.filter((lock) => lock.name === `${name} tab`).length - 1;
		if (silent <= 0 || isAnswered()) return;
		await new Promise<void>((resolve) => {
			const patience = setTimeout(resolve, OTHER_TABS_MS);
			heard = () => {
				if (--silent > 0 && !isAnswered()) return;
				clearTimeout(patience);
				resolve();
			};
			say({ kind: "anyone?" });
		});
	}

	async function askServer(): Promise<void> {
		const answer = await fetch(new URL("/api/token", appUrl), { method: "POST", credentials: "include" });
		if (answer.status === 401) {
			if (!over) say({ kind: "signed-out" });
			return end();
		}
		if (!answer.ok) throw new Error(`There is no access token to be had at the moment (${answer.status}).`);
		const { access_token: value, expires_in: seconds } = await answer.json();
		const [now, life] = [Date.now(), seconds * 1000];
		const renewAt = now + life * (1 - RENEW_BEFORE_SHARE);
		keep({ value, sid: sessionOf(value), expiresAt: now + life, renewAt });
		if (token) say({ kind: "token", token });
	}

	async function send(request: Request, { value }: Token): Promise<Response> {
		used = true;
		request.headers.set("Authorization", `Bearer ${value}`);
		return fetch(request);
	}

	return {
		close,
		async fetch(path, init) {
			const request = new Request(new URL(path, appUrl), { credentials: "omit", ...init });
			// A token is for the app that gave it, and for nobody else.
			if (new URL(request.url).origin !== new URL(appUrl).origin) throw new TypeError("That is not the app's address.");
			const first = await current();
			const answer = await send(request.clone(), first);
			// Good by the clock, and over all the same: the session may have ended, or just its old tokens.
			return answer.status === 401 ? send(request, await renew(first)) : answer;
		},
	};
}

const isFresh = ({ renewAt }: Token) => renewAt > Date.now();

/** The session that a token names. Only the server can tell whether it is true; here it tells tokens apart. */
function sessionOf(token: string): string {
	const [, payload = ""] = token.split(".");
	return JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/"))).sid;
}
