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

type Message = { kind: "token"; token: Token } | { kind: "anyone?" | "signed-out" };

/** Renewed when so much of its time is left: enough for a slow answer, and for a second try. */
const RENEW_BEFORE_SHARE = 0.2;
/** How long a tab waits for the token of the one before it, which may have got none, before it asks the server itself. */
const OTHER_TAB_MS = 1_000;

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
	/** Called when another tab has said something. */
	let heard = () => {};

	channel.addEventListener("message", ({ data }: MessageEvent<Message>) => {
		if (data.kind === "signed-out") return end();
		if (data.kind === "token") hear(data.token);
		else if (token && isFresh(token)) say({ kind: "token", token });
		heard();
	});

	/** A tab that has no token yet takes none from another: somebody else may have signed in since. */
	function hear(other: Token): void {
		if (token && other.value !== token.value && other.expiresAt >= token.expiresAt) keep(other);
	}

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
		const atOnce = await navigator.locks.request(name, { ifAvailable: true }, (lock) => lock && newer(false, refused));
		return atOnce ?? navigator.locks.request(name, () => newer(true, refused));
	}

	/** @param waited whether another tab held the lock, which has a new token now */
	async function newer(waited: boolean, refused?: Token): Promise<Token> {
		const isThere = () => over || (token !== undefined && token.value !== refused?.value && isFresh(token));
		if (waited && token && !isThere()) await askOtherTab(isThere);
		if (!isThere()) await askServer();
		if (over || !token) throw new SignedOut("You are signed out.");
		return token;
	}

	function askOtherTab(isAnswered: () => boolean): Promise<void> {
		return new Promise((resolve) => {
			const patience = setTimeout(resolve, OTHER_TAB_MS);
			heard = () => {
				if (!isAnswered()) return;
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
