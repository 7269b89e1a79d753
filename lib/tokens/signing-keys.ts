/**
 * The keys that sign access tokens. They live in the database, sealed, so that all instances sign with the same one. A key
 * is published a while before it signs, because verifiers keep the list of keys for some minutes; and it stays published
 * until its last token has expired.
 */
import { createHmac } from "node:crypto";
import { desc, lt, lte, sql } from "drizzle-orm";
import { sealData, unsealData } from "iron-session";
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from "jose";
import { db, type Transaction } from "@/db/client";
import { processWide } from "@/db/process-wide";
import { signingKeys } from "@/db/schema";
import { environment } from "@/lib/environment";
import { log } from "@/lib/log";

export const SIGNING_ALGORITHM = "ES256";
/** How long verifiers may keep the published keys (`Cache-Control` of the JWKS). */
export const JWKS_MAX_AGE_SECONDS = 300;
/** From its publication to its first signature: longer than anybody keeps an old list. */
const PUBLISHED_BEFORE_SECONDS = 2 * JWKS_MAX_AGE_SECONDS;
/** From a key's last signature to its removal: longer than any token lives, clocks that differ included. */
const KEPT_AFTER_SECONDS = 600;
const ROTATION_DAYS = 30;
const ROTATION_CHECK_SECONDS = 300;

export interface SigningKey {
	id: string;
	key: CryptoKey;
}

/** The key that signs now. Makes the first one when there is none. */
export async function signingKey(tx?: Transaction): Promise<SigningKey> {
	const newest = () => newestSigning(tx ?? db);
	const row = (await newest()) ?? (await (tx ? rotate(tx) : rotateIfDue()).then(newest));
	if (!row) throw new Error("there is no key to sign with");
	return { id: row.id, key: await openKey(row) };
}

/** A JSON Web Key Set (RFC 7517, section 5). */
export interface KeySet {
	keys: JWK[];
}

/** All public keys that a token may be signed with, now or soon. */
export async function publicKeys(): Promise<KeySet> {
	await signingKey();
	const rows = await db.select({ publicKey: signingKeys.publicKey }).from(signingKeys).orderBy(signingKeys.signsFrom);
	return { keys: rows.map((row) => row.publicKey as JWK) };
}

/** How long this instance believes a list of keys; a compromised key may be believed for as long. */
const RECENT_MS = 10_000;
/** How often tokens with unknown keys may make it ask anew: a key may be new, and a flood must not become one of ours. */
const UNKNOWN_KEY_MS = 1_000;

/**
 * The same, as it was a few seconds ago: what checks tokens by their keys alone does not ask the database for each.
 *
 * @param keyIsUnknown asks for a newer list, because a token names a key that is not in this one
 */
export function recentPublicKeys(keyIsUnknown = false): Promise<KeySet> {
	const recent = processWide("recent-public-keys", () => ({
		at: Number.NEGATIVE_INFINITY,
		keys: Promise.resolve<KeySet>({ keys: [] }),
	}));
	if (performance.now() - recent.at > (keyIsUnknown ? UNKNOWN_KEY_MS : RECENT_MS)) {
		recent.at = performance.now();
		recent.keys = publicKeys().catch((error) => {
			recent.at = Number.NEGATIVE_INFINITY;
			throw error;
		});
	}
	return recent.keys;
}

/** Looks now and then whether a key is due, for as long as the process lives. Several instances may. */
export function startRotating(): void {
	processWide("key-rotation", () =>
		setInterval(() => {
			rotateIfDue().catch((error) => log.warn({ error }, "the signing keys were not looked after; it is tried again"));
		}, ROTATION_CHECK_SECONDS * 1000).unref(),
	);
}

/** Makes the next key when the newest has been signing for long, and removes those that nobody needs any more. */
export async function rotateIfDue(): Promise<void> {
	await db.transaction(rotate);
}

async function rotate(tx: Transaction): Promise<void> {
	await lockKeys(tx);
	const [newest] = await tx.select().from(signingKeys).orderBy(desc(signingKeys.signsFrom)).limit(1);
	if (!newest) await createKey(tx, 0);
	else if (newest.signsFrom.getTime() < Date.now() - ROTATION_DAYS * 86_400_000) await createKey(tx);
	await removeUnneeded(tx);
}

/** Makes the next key, whatever the age of the newest. It signs as soon as everybody can know it. */
export async function addNextKey(tx: Transaction): Promise<void> {
	await lockKeys(tx);
	await createKey(tx);
}

/**
 * Removes all keys, because one may be in wrong hands: no token that they signed is good any more. The new key signs at
 * once; verifiers that do not know it yet fetch the list anew.
 */
export async function replaceKeys(tx: Transaction): Promise<void> {
	await lockKeys(tx);
	await tx.delete(signingKeys);
	await createKey(tx, 0);
}

async function newestSigning(on: Pick<Transaction, "select">) {
	const [row] = await on
		.select({ id: signingKeys.id, sealedPrivateKey: signingKeys.sealedPrivateKey })
		.from(signingKeys)
		// Not `now()`, which is when the transaction began: the first key may be younger.
		.where(lte(signingKeys.signsFrom, sql`clock_timestamp()`))
		.orderBy(desc(signingKeys.signsFrom))
		.limit(1);
	return row;
}

/** One instance at a time, so that two do not make a key each. */
async function lockKeys(tx: Transaction): Promise<void> {
	await tx.execute(sql`select pg_advisory_xact_lock(hashtext('kickoff signing keys'))`);
}

async function createKey(tx: Transaction, publishedBeforeSeconds = PUBLISHED_BEFORE_SECONDS): Promise<void> {
	const { publicKey, privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true });
	const id = crypto.randomUUID();
	const [password = ""] = passwords();
	await tx.insert(signingKeys).values({
		id,
		publicKey: { ...(await exportJWK(publicKey)), kid: id, use: "sig", alg: SIGNING_ALGORITHM },
		sealedPrivateKey: await sealData(await exportJWK(privateKey), { password, ttl: 0 }),
		signsFrom: sql`now() + make_interval(secs => ${publishedBeforeSeconds})`,
	});
}

/** A key is needed until its successor has been signing for as long as the last token that it signed can live. */
async function removeUnneeded(tx: Transaction): Promise<void> {
	const [successor] = await tx
		.select({ signsFrom: signingKeys.signsFrom })
		.from(signingKeys)
		.where(lte(signingKeys.signsFrom, sql`now() - make_interval(secs => ${KEPT_AFTER_SECONDS})`))
		.orderBy(desc(signingKeys.signsFrom))
		.limit(1);
	if (successor) await tx.delete(signingKeys).where(lt(signingKeys.signsFrom, successor.signsFrom));
}

/** Opened keys by id. Which of them signs is asked for every time. */
const opened = processWide("opened-signing-keys", () => new Map<string, CryptoKey>());

async function openKey({ id, sealedPrivateKey }: { id: string; sealedPrivateKey: string }): Promise<CryptoKey> {
	const known = opened.get(id);
	if (known) return known;
	for (const password of passwords()) {
		const jwk = await unsealData<JWK>(sealedPrivateKey, { password, ttl: 0 }).catch(() => null);
		if (!jwk?.kty) continue;
		const key = (await importJWK(jwk, SIGNING_ALGORITHM)) as CryptoKey;
		opened.set(id, key);
		return key;
	}
	throw new Error("no SESSION_SECRET opens the signing key: was one removed too early?");
}

function passwords(): string[] {
	return environment().SESSION_SECRET.map((secret) =>
		createHmac("sha256", secret).update("kickoff signing keys").digest("base64url"),
	);
}
