/** A compromised signing key: it acts on every token that is out, so this runs after the tests that use some. */
import { recordAction, replay } from "../actions";
import { expect, test } from "../fixtures";
import { createPerson, startSessionOf } from "../people";
import { appUrl, request } from "../request";

test("replacing compromised keys makes every token that is out worthless, and only an owner does it", async ({
	signedInAs,
}) => {
	const owner = await signedInAs("owner");
	const mint = async () => (await (await request("/api/token", { as: owner, method: "POST" })).json()).access_token;
	const isGood = async (token: string) =>
		(await fetch(new URL("/api/v1/me", appUrl()), { headers: { Authorization: `Bearer ${token}` } })).ok;
	const lost = await mint();
	const replace = await recordAction(owner.page, async () => {
		await owner.page.goto("/admin/services");
		await owner.page.getByRole("button", { name: "A key is compromised" }).click();
		await owner.page.getByRole("button", { name: "Replace all keys" }).click();
	});
	for (const as of [null, await startSessionOf(await createPerson({ role: "admin" }))]) await replay(replace, { as });
	expect(await isGood(lost)).toBe(true);
	await replay(replace, { as: owner });
	await expect.poll(() => isGood(lost)).toBe(false);
	expect(await isGood(await mint())).toBe(true);
});
