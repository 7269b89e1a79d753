/** Measures what one way to lose a session does: to the session, on every surface, and to the sessions around it. */
import { setTimeout as wait } from "node:timers/promises";
import { expect, type Page } from "@playwright/test";
import type { Role } from "@/lib/permissions/matrix";
import type { RecordedAction } from "./actions";
import type { SignedInBrowser } from "./fixtures";
import { createPerson, PASSWORD, type SignedIn, startImpersonation, startSessionOf } from "./people";
import { endOf } from "./records";
import { accessToken, act, ask, isServed, navigate, openStream, openTab, recordWriting, spendToken } from "./surfaces";
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

/** A change of one's name as the page sends it, recorded once. */
let writing: RecordedAction | undefined;

/** Loses a session in this way; gives what came of it. */
export async function measure(
	way: Way & { kind: Measured["kind"]; reason: string },
	{ browserFor, signedInAs }: Browsers,
): Promise<Measured> {
	const scene = await (way.kind === "own" ? ownScene : impersonationScene)(browserFor);
	const { lost } = scene;
	writing ??= await recordWriting((await signedInAs("user")).page);
	await expectServed(scene);
	const token = await accessToken(lost);
	const stream = await openStream(lost);
	const tab = await openTab(await browserFor(lost));
	const [closed, left] = [momentOf(stream.closed), momentOf(tab.left)];

	await way.act(scene);
	const over = Date.now();

	const { strict, stateless } = await spendToken(token);
	const surfaces = {
		page: await ask("/dashboard", lost),
		rsc: await navigate(lost),
		action: await act(writing, lost),
		json: await ask("/api/session", lost),
		stream: inTime("closed", (await closed) - over, STREAM_LIMIT_MS),
		reconnect: await ask("/api/session/feed", lost),
		tab: inTime("left", (await left) - over, TAB_LIMIT_MS),
		...(token && { mint: await ask("/api/token", lost, { method: "POST" }), strict, stateless }),
	};
	const around: Record<string, string> = {};
	for (const who of ["bystander", "opened", "parent", "of"] as const) {
		const session = scene[who];
		if (session) around[who] = (await isServed(session)) ? "kept" : "ended";
	}
	const reads = await tab.reads();
	await expect.poll(async () => (await endOf(lost.sessionId))?.reason).toBe(way.reason);
	expect((await endOf(lost.sessionId))?.firstRefusedAt, "the receipt").toBeInstanceOf(Date);
	return { kind: way.kind, does: way.does, reason: way.reason, surfaces, around, reads };
}

/** The session of an admin, who is signed in elsewhere too, impersonates somebody and is impersonated. */
async function ownScene(browserFor: Scene["browserFor"]): Promise<Scene> {
	const person = await createPerson({ role: "admin", password: PASSWORD });
	const [elsewhere, bystander] = [await startSessionOf(person), await startSessionOf(person)];
	const lost = await startSessionOf(person);
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
		if (session) expect(await isServed(session), who).toBe(true);
	}
	expect(await ask("/dashboard", scene.lost)).toBe("served");
	expect(await navigate(scene.lost)).toBe("served");
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
