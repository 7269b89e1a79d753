import { expect, test } from "vitest";
import { createUser, sessionOf } from "@/lib/testing/people";
import { findSession } from "./lookup";
import { signOutDevice, signOutOtherDevices } from "./own";

test("one signs out one's own devices and nobody else's, whatever id one sends", async () => {
	const [alice, bob] = [await sessionOf(await createUser()), await sessionOf(await createUser())];
	const elsewhere = await sessionOf(alice.user);
	await expect(signOutDevice(alice, bob.id)).rejects.toMatchObject({ code: "not-found" });
	await signOutDevice(alice, elsewhere.id);
	await signOutOtherDevices(alice);
	expect(await findSession(elsewhere.tokens, alice.origin)).toBeNull();
	expect(await findSession(bob.tokens, bob.origin)).toMatchObject({ id: bob.id });
});
