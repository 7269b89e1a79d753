import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { forceLogoutEverywhere } from "@/lib/admin/force-logout";
import { changeRole } from "@/lib/admin/roles";
import { createUser, sessionOf } from "@/lib/testing/people";
import { sessionEvents } from "./event-stream";

/** Longer than the console is kept from being told again. */
const NEWS_IS_OUT_MS = 1_200;

test("who was demoted hears nothing more of the console, not even news that was held back before", async () => {
	const owner = await sessionOf(await createUser({ role: "owner" }));
	const staff = await createUser({ role: "support" });
	const reader = (await sessionEvents(await sessionOf(staff), new AbortController().signal)).getReader();
	const decoder = new TextDecoder();
	let heard = "";
	const hear = async (until: string) => {
		while (!heard.includes(until)) {
			const { value, done } = await reader.read();
			if (done) break;
			heard += decoder.decode(value);
		}
	};

	await hear('"role":"support"');
	const heardOnce = hear("event: console");
	// News is lost until this process listens.
	while (!heard.includes("event: console")) await sessionOf(await createUser());
	await heardOnce;
	await sessionOf(await createUser());
	await changeRole(owner, staff.id, "user");
	await hear('"role":"user"');
	heard = "";
	await wait(NEWS_IS_OUT_MS);
	await forceLogoutEverywhere(owner, staff.id);
	await hear("event: ended");
	expect(heard).not.toContain("event: console");
});
