/**
 * Every way to lose a session, measured: it is lost on the first instance, and everything that it could be used for is
 * tried on the second, while a stream and a tab are open there. The results must be those in docs/sessions.md.
 */
import { endReason } from "@/db/schema";
import { expect, test } from "./fixtures";
import { measureApp } from "./measure-app";
import { measure } from "./measure-way-out";
import { allWays, allWaysOfApps, committedLines, committedWays, linesOf, remember, tables } from "./ways-table";

/** It acts on everyone, so it is measured in everyone.spec.ts. */
const ON_EVERYONE = "forced_for_all";

for (const way of allWays.filter(({ reason }) => reason !== ON_EVERYONE)) {
	test(`${way.does}: the session is over on every surface, and docs/sessions.md says so`, async ({
		browserFor,
		signedInAs,
	}) => {
		const measured = await measure(way, { browserFor, signedInAs });
		remember(measured);
		expect(linesOf(measured), "npm run docs:sessions writes it down").toEqual(committedLines(way.does));
	});
}

for (const way of allWaysOfApps) {
	test(`${way.does}: no token of it is good any more, and docs/sessions.md says so`, async ({ browserFor }) => {
		const measured = await measureApp(way, browserFor);
		remember(measured);
		expect(linesOf(measured), "npm run docs:sessions writes it down").toEqual(committedLines(way.does));
	});
}

test("every reason has a way to bring it about", () => {
	const reasons = new Set([...allWays, ...allWaysOfApps].map(({ reason }) => reason));
	expect([...reasons].sort()).toEqual([...endReason.enumValues].sort());
});

for (const { name, kinds } of tables) {
	test(`the table of docs/sessions.md that is called "${name}" has a line for every way, and for no other`, () => {
		const ways = [...allWays, ...allWaysOfApps].filter(({ kind }) => kinds.includes(kind)).map(({ does }) => does);
		expect(committedWays(name)).toEqual(ways);
	});
}
