import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "@/db/client";
import { sessions } from "@/db/schema";
import { createUser, sessionOf } from "@/lib/testing/people";
import { requestAs } from "@/lib/testing/request";
import { mintAccessToken } from "./access-token";
import { requireLiveToken } from "./bearer";

test("a token is over once the password was given again, which shuts out whoever had copied the cookie", async () => {
	const alice = await sessionOf(await createUser());
	const { token } = await mintAccessToken(alice);
	const ask = async () =>
		requireLiveToken(
			await requestAs(null, "/api/v1/me", { headers: { authorization: `Bearer ${token}` } }),
			"profile.change",
		);
	expect(await ask()).toMatchObject({ id: alice.id });
	// Be it right after the token was given: a thief would ask for a new one all the time.
	const authenticatedAt = new Date(alice.authenticatedAt.getTime() + 1);
	await db.update(sessions).set({ authenticatedAt }).where(eq(sessions.id, alice.id));
	await expect(ask()).rejects.toMatchObject({ code: "session-ended" });
});
