/** Measures what one way to lose the session of an app does, to its tokens and to the person's other sessions. */
import { expect } from "@playwright/test";
import { refreshWith } from "./apps";
import { createPerson, PASSWORD, startAppSessionOf, startSessionOf } from "./people";
import { endOf } from "./records";
import { secondAppUrl } from "./request";
import { spendToken } from "./surfaces";
import type { AppScene } from "./ways-out-of-apps";
import type { allWaysOfApps, Measured } from "./ways-table";

/** Loses the session in this way on one instance, and tries its tokens on the other. */
export async function measureApp(
	way: (typeof allWaysOfApps)[number],
	browserFor: AppScene["browserFor"],
): Promise<Measured> {
	const person = await createPerson({ password: PASSWORD });
	const { sessionId, refreshToken: usedToken } = await startAppSessionOf(person);
	const elsewhere = await startSessionOf(person);
	const bystander = await startAppSessionOf(person, "Another phone");
	const owner = await startSessionOf(await createPerson({ role: "owner" }));
	const { access_token, refresh_token: refreshToken } = await refreshWith(usedToken, secondAppUrl());

	const lost = { sessionId, refreshToken };
	await way.act({ person, lost, usedToken, elsewhere, owner, browserFor });

	const refused = await refreshWith(refreshToken, secondAppUrl());
	const end = await endOf(sessionId);
	expect(end?.reason).toBe(way.reason);
	expect(end?.firstRefusedPath, "the receipt").toBe("/api/oauth/token");
	expect(await endOf(elsewhere.sessionId), "the browser").toBeUndefined();
	const kept = (await refreshWith(bystander.refreshToken)).status === 200;
	return {
		kind: "app",
		does: way.does,
		reason: way.reason,
		surfaces: { refresh: `${refused.status} ${refused.error}`, ...(await spendToken(access_token)) },
		around: { bystander: kept ? "kept" : "ended" },
		reads: refused.error_description,
	};
}
