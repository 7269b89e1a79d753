import { desc, eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { signingKeys } from "@/db/schema";
import { addNextKey, publicKeys, replaceKeys, rotateIfDue, signingKey } from "./signing-keys";

const kids = async () => (await publicKeys()).keys.map(({ kid }) => kid);

/** Lets time pass for all keys. */
async function age(seconds: number): Promise<void> {
	await db.update(signingKeys).set({ signsFrom: sql`signs_from - make_interval(secs => ${seconds})` });
}

beforeEach(async () => {
	await db.delete(signingKeys);
});

describe("the signing keys", () => {
	test("begin with one, also when many ask at once", async () => {
		const keys = await Promise.all(Array.from({ length: 8 }, () => signingKey()));
		expect(new Set(keys.map(({ id }) => id)).size).toBe(1);
		expect(await kids()).toEqual([keys[0]?.id]);
	});

	test("are published without their private halves, which are sealed in the database", async () => {
		const { keys } = await publicKeys();
		expect(keys).toMatchObject([{ kty: "EC", crv: "P-256", use: "sig", alg: "ES256" }]);
		expect(keys[0]).not.toHaveProperty("d");
		const [row] = await db.select().from(signingKeys);
		expect(row?.sealedPrivateKey).toMatch(/^Fe26\.2\*/);
		expect(row?.publicKey).not.toHaveProperty("d");
	});

	test("a new one is published before it signs, and the old one until its last token has expired", async () => {
		const first = await signingKey();
		await db.transaction(addNextKey);
		const [second] = (await kids()).filter((kid) => kid !== first.id);
		expect((await signingKey()).id).toBe(first.id);
		await age(601);
		expect((await signingKey()).id).toBe(second);
		await rotateIfDue();
		expect(await kids()).toEqual([first.id, second]);
		await age(601);
		await rotateIfDue();
		expect(await kids()).toEqual([second]);
	});

	test("are renewed after a month, once, however many instances ask", async () => {
		await signingKey();
		await rotateIfDue();
		expect(await kids()).toHaveLength(1);
		await age(31 * 86_400);
		await Promise.all(Array.from({ length: 4 }, () => rotateIfDue()));
		expect(await kids()).toHaveLength(2);
	});

	test("are all gone at once when one may be in wrong hands", async () => {
		const lost = await signingKey();
		await db.transaction(addNextKey);
		await db.transaction(replaceKeys);
		const next = await signingKey();
		expect(next.id).not.toBe(lost.id);
		expect(await kids()).toEqual([next.id]);
	});

	test("do not open without the secret that sealed them", async () => {
		await signingKey();
		const [row] = await db.select().from(signingKeys).orderBy(desc(signingKeys.createdAt));
		const broken = { id: crypto.randomUUID(), sealedPrivateKey: `${row?.sealedPrivateKey.slice(0, -4)}AAAA` };
		await db
			.update(signingKeys)
			.set(broken)
			.where(eq(signingKeys.id, row?.id ?? ""));
		await expect(signingKey()).rejects.toThrow("SESSION_SECRET");
	});
});
