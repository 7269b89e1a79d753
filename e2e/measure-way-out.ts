/** Measures what one way to lose a session does: to the session, on every surface, and to the sessions around it. */
import { setTimeout as wait } from "node:timers/promises";
import { expect, type Page } from "@playwright/test";
import type { Role } from "@/lib/permissions/matrix";
import { type RecordedAction, recordAction, replay } from "./actions";
import type { SignedInBrowser } from "./fixtures";
import { createPerson, PASSWORD, type SignedIn, startImpersonation, startSessionOf } from "./people";
import { endOf, rowOf } from "./records";
import { request, secondAppUrl } from "./request";
import type { Scene, Way } from "./ways-out";
import type { Measured } from "./ways-table";

const STREAM_LIMIT_MS = 1_000;
const TAB_LIMIT_MS = 2_000;
/** What has not happened by then does not happen. */
const PATIENCE_MS = 30_000;

interface Browsers {
	browserFor(session: SignedIn | null): Promise<Page>;
	signedInAs(role: Role): Promise<SignedInBrowser>;
}

export async function measure(
	way: Way & { kind: Measured["kind"]; reason: string },
	{ browserFor, signedInAs }: Browsers,
): Promise<Measured> {
	const scene = await (way.kind === "own" ? ownScene : impersonationScene)(browserFor);
	const { lost } = scene;
	writing ??= await recordWriting((await signedInAs("user")).page);
	await expectServed(scene);
	const stream = await openStream(lost);
	const tab = await openTab(await browserFor(lost));
	const [closed, left] = [momentOf(stream.closed), momentOf(tab.left)];

	await way.act(scene);
	const over = Date.now();

	const surfaces = {
		page: await ask("/dashboard", lost),
		rsc: await ask("/settings/profile?_rsc", lost, { RSC: "1" }),
		action: await write(lost),
		json: await ask("/api/session", lost),
		// Access tokens go here: what minting one answers, and how long one that is out is still taken.
		stream: inTime("closed", (await closed) - over, STREAM_LIMIT_MS),
		reconnect: await ask("/api/session/feed", lost),
		tab: inTime("left", (await left) - over, TAB_LIMIT_MS),
	};
	const around: Record<string, string> = {};
	for (const who of ["bystander", "opened", "parent", "of"] as const) {
		const session = scene[who];
		if (session) around[who] = (await isLive(session)) ? "kept" : "ended";
	}
	const reads = await tab.reads();
	await expect.poll(async () => (await endOf(lost.sessionId))?.reason).toBe(way.reason);
	expect((await endOf(lost.sessionId))?.firstRefusedAt, "the receipt").toBeInstanceOf(Date);
	return { kind: way.kind, does: way.does, reason: way.reason, surfaces, around, reads };
}

/** The session of an admin, who is signed in elsewhere too, impersonates somebody and is impersonated. */
async function ownScene(browserFor: Scene["browserFor"]): Promise<Scene> {
	const person = await createPerson({ role: "admin", password: PASSWORD });
	const [lost, elsewhere, bystander] = [
		await startSessionOf(person),
		await startSessionOf(person),
		await startSessionOf(person),
	];
	const opened = await startImpersonation(await createPerson(), lost);
	return { lost, person, elsewhere, bystander, opened, ...(await above(person)), browserFor };
}

/** An admin impersonates somebody who is signed in too, and whom somebody else impersonates as well. */
async function impersonationScene(browserFor: Scene["browserFor"]): Promise<Scene> {
	const person = await createPerson();
	const parent = await startSessionOf(await createPerson({ role: "admin" }));
	const [elsewhere, bystander] = [await startSessionOf(person), await startSessionOf(person)];
	const lost = await startImpersonation(person, parent);
	return { lost, person, elsewhere, bystander, parent, ...(await above(person)), browserFor };
}

async function above(person: SignedIn["user"]) {
	const impersonator = await startSessionOf(await createPerson({ role: "owner" }));
	const owner = await startSessionOf(await createPerson({ role: "owner" }));
	return { of: await startImpersonation(person, impersonator), owner };
}

/** Before, everything works: otherwise what is refused afterwards would prove nothing. */
async function expectServed(scene: Scene): Promise<void> {
	for (const who of ["lost", "elsewhere", "bystander", "opened", "parent", "of", "owner"] as const) {
		const session = scene[who];
		if (session) expect(await ask("/api/session", session), who).toBe("served");
	}
	expect(await ask("/dashboard", scene.lost)).toBe("served");
	expect(await ask("/settings/profile?_rsc", scene.lost, { RSC: "1" })).toBe("served");
}

/** What the second instance answers. */
async function ask(path: string, as: SignedIn, headers?: Record<string, string>): Promise<string> {
	const answer = await request(path, { as, on: secondAppUrl(), headers });
	await answer.body?.cancel();
	if (answer.status === 200) return "served";
	const location = answer.headers.get("location");
	if (location && new URL(location, secondAppUrl()).pathname === "/sign-in") return "to sign-in";
	return String(answer.status);
}

const isLive = async (session: SignedIn) => (await ask("/api/session", session)) === "served";

const NEW_NAME = "Written after the end";

/** A change of one's name as the page sends it, recorded once. */
let writing: RecordedAction | undefined;

async function recordWriting(page: Page): Promise<RecordedAction> {
	const recorded = await recordAction(page, async () => {
		await page.goto("/settings/profile");
		await page.getByLabel("Name").fill(NEW_NAME);
		await page.getByRole("button", { name: "Save" }).click();
	});
	await page.close();
	return recorded;
}

/** Runs a server action on the second instance. */
async function write(as: SignedIn): Promise<string> {
	const { text } = await replay(writing as RecordedAction, { as, on: secondAppUrl() });
	if ((await rowOf(as.user))?.name === NEW_NAME) return "written";
	return text.includes('"code":"session-ended"') ? "refused" : "failed";
}

/** Opens the session's event stream on the second instance; `closed` settles when the server closes it. */
async function openStream(as: SignedIn): Promise<{ closed: Promise<unknown> }> {
	const answer = await request("/api/session/feed", { as, on: secondAppUrl() });
	expect(answer.status).toBe(200);
	const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
	await reader.read();
	async function readOn(): Promise<void> {
		while (!(await reader.read()).done);
	}
	return { closed: readOn() };
}

/** Opens a page on the second instance and touches nothing; `left` settles when it asks for the sign-in page. */
async function openTab(page: Page): Promise<{ left: Promise<unknown>; reads(): Promise<string> }> {
	const listening = page.waitForResponse((response) => response.url().endsWith("/api/session/feed"));
	await page.goto(`${secondAppUrl()}/dashboard`);
	await listening;
	const leaves = (sent: { url(): string }) => new URL(sent.url()).pathname === "/sign-in";
	const sentence = page.getByRole("main").getByRole("status");
	return {
		left: page.waitForRequest(leaves, { timeout: 0 }),
		reads: async () => (await sentence.innerText()).trim(),
	};
}

/** The moment at which it happens; infinity for never. */
async function momentOf(event: Promise<unknown>): Promise<number> {
	const patience = new AbortController();
	const never = wait(PATIENCE_MS, Number.POSITIVE_INFINITY, { signal: patience.signal }).catch(() => 0);
	const moment = await Promise.race([event.then(() => Date.now()), never]);
	patience.abort();
	return moment;
}

function inTime(what: string, afterMs: number, limitMs: number): string {
	if (afterMs === Number.POSITIVE_INFINITY) return "open";
	return afterMs <= limitMs ? `${what} within ${limitMs / 1000} s` : `${what} late`;
}
