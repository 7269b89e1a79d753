/** The signing keys in the console: when each signs, and the two buttons that change them. */
import { asc } from "drizzle-orm";
import { db } from "@/db/client";
import { signingKeys } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record";
import { type Actor, fenced } from "@/lib/session/fence";
import { addNextKey, replaceKeys } from "@/lib/tokens/signing-keys";

export interface ListedKey {
	/** The `kid`. */
	id: string;
	createdAt: Date;
	signsFrom: Date;
	/** "next" is published and waits, "current" signs, "retiring" is kept until its last token has expired. */
	state: "next" | "current" | "retiring";
}

/** The published keys, from the oldest to the newest. */
export async function listSigningKeys(): Promise<ListedKey[]> {
	const { id, createdAt, signsFrom } = signingKeys;
	const keys = await db.select({ id, createdAt, signsFrom }).from(signingKeys).orderBy(asc(signsFrom));
	const now = Date.now();
	const current = keys.findLast((key) => key.signsFrom.getTime() <= now);
	return keys.map((key) => ({
		...key,
		state: key === current ? "current" : key.signsFrom.getTime() > now ? "next" : "retiring",
	}));
}

/** Publishes the next key, which takes over as soon as everybody can know it. */
export async function rotateKeys(actor: Actor): Promise<void> {
	await fenced(actor, "services.manage", async ({ tx }) => {
		await addNextKey(tx);
		await recordAudit(tx, actor, { action: "keys.rotated" });
	});
}

/** Removes all keys because one is compromised: no token out there is good any more. */
export async function replaceCompromisedKeys(actor: Actor): Promise<void> {
	await fenced(actor, "services.manage", async ({ tx }) => {
		await replaceKeys(tx);
		await recordAudit(tx, actor, { action: "keys.replaced" });
	});
}
