/** What is expected tens of thousands of times in a test. */
import { isDeepStrictEqual } from "node:util";
import { expect } from "../fixtures";
import type { Canary } from "./cast";

/** As `expect(seen, where).toEqual(wanted)`, which takes a millisecond for its step in the report, pass or fail. */
export function expectSame(seen: unknown, wanted: unknown, where: string): void {
	if (!isDeepStrictEqual(seen, wanted)) expect(seen, where).toEqual(wanted);
}

/** Expects an answer that is no error of ours and shows nothing of the canary. */
export function expectHarmless(
	{ status, head = "", text }: { status: number; head?: string; text: string },
	{ secrets }: Pick<Canary, "secrets">,
	where: string,
): void {
	const leaks = secrets.filter((secret) => text.includes(secret) || head.includes(secret));
	expectSame({ isError: status < 200 || status >= 500, leaks }, { isError: false, leaks: [] }, `${where}: ${status}`);
}
