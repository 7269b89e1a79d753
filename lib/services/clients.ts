/** The service clients in the console: who may call whom, and with which proof. */
import { createPublicKey, type JsonWebKey } from "node:crypto";
import { and, asc, eq, isNotNull, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { db } from "@/db/client";
import { isUniqueViolation } from "@/db/errors";
import { serviceClients } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record";
import { Refusal } from "@/lib/errors";
import { type Actor, fenced } from "@/lib/session/fence";
import { newToken } from "@/lib/session/token";
import { hashSecret } from "./authenticate";

const LIST_LIMIT = 50;
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/;

/** Words with spaces, commas or line breaks between them. */
const words = (message: string) =>
	z
		.string({ error: message })
		.transform((text) => [...new Set(text.split(/[\s,]+/).filter(Boolean))])
		.pipe(
			z
				.array(z.string())
				.min(1, { error: message })
				.max(LIST_LIMIT, { error: `Give at most ${LIST_LIMIT}.` }),
		);

export const serviceClientSchema = z.object({
	name: z
		.string({ error: "Give it a name." })
		.trim()
		.min(1, { error: "Give it a name." })
		.max(100, { error: "Use at most 100 characters." })
		.regex(/^\P{Cc}*$/u, { error: "Use letters, digits and punctuation only." }),
	scopes: words("Give at least one scope, such as inventory:read.").pipe(
		z.array(z.string().regex(SCOPE, { error: "A scope is a word without spaces, quotes and backslashes." })),
	),
	audiences: words("Give at least one audience, such as https://inventory.example.com.").pipe(
		z.array(
			z.url({ protocol: /^https?$/, error: "An audience is an address, such as https://inventory.example.com." }),
		),
	),
	publicKeys: z
		.string()
		.trim()
		.transform((text, context) => {
			if (text === "") return null;
			try {
				return JSON.parse(text) as unknown;
			} catch {
				context.addIssue({ code: "custom", message: "That is no JSON." });
				return z.NEVER;
			}
		})
		.refine(isKeySet, { error: 'Paste a JSON Web Key Set with public keys only: {"keys": [...]}.' })
		.optional(),
});

/** A client as the console lists it: without a secret, and without the hash of one. */
export interface ListedClient {
	id: string;
	name: string;
	scopes: string[];
	audiences: string[];
	proof: "secret" | "keys";
	createdAt: Date;
	lastUsedAt: Date | null;
	disabledAt: Date | null;
}

export async function listServiceClients(): Promise<ListedClient[]> {
	const { id, name, scopes, audiences, createdAt, lastUsedAt, disabledAt } = serviceClients;
	const proof = sql<"secret" | "keys">`case when ${isNotNull(serviceClients.publicKeys)} then 'keys' else 'secret' end`;
	return db
		.select({ id, name, scopes, audiences, proof, createdAt, lastUsedAt, disabledAt })
		.from(serviceClients)
		.orderBy(asc(serviceClients.name));
}

/**
 * Creates a client. Gives its id, and its secret unless it has keys: nobody will see that again, because we keep only its
 * hash. Throws a Refusal "conflict" when another client has the name.
 */
export async function createServiceClient(
	actor: Actor,
	{ name, scopes, audiences, publicKeys }: z.output<typeof serviceClientSchema>,
): Promise<{ id: string; secret: string | null }> {
	const secret = publicKeys ? null : newToken();
	try {
		return await fenced(actor, "services.manage", async ({ tx }) => {
			const [row] = await tx
				.insert(serviceClients)
				.values({
					name,
					scopes,
					audiences,
					publicKeys: publicKeys as { keys: Record<string, unknown>[] } | null | undefined,
					secretHash: secret === null ? null : hashSecret(secret),
					createdById: "operator" in actor ? null : actor.user.id,
				})
				.returning({ id: serviceClients.id });
			const { id } = row as { id: string };
			await recordAudit(tx, actor, { action: "service.created", detail: { client: id, name, scopes, audiences } });
			return { id, secret };
		});
	} catch (error) {
		if (!isUniqueViolation(error)) throw error;
		const message = "Another service client has that name.";
		throw new Refusal("conflict", message, { name: [message] });
	}
}

/** Gives the client a new secret; the old one is refused at once. Throws a Refusal "conflict" for a client with keys. */
export async function rotateSecret(actor: Actor, id: string): Promise<string> {
	const secret = newToken();
	await fenced(actor, "services.manage", async ({ tx }) => {
		const changed = await tx
			.update(serviceClients)
			.set({ secretHash: hashSecret(secret) })
			.where(and(eq(serviceClients.id, id), isNull(serviceClients.publicKeys)))
			.returning({ name: serviceClients.name });
		if (!changed[0]) throw new Refusal("conflict", "That client has no secret: it proves itself with its own keys.");
		await recordAudit(tx, actor, { action: "service.secret_rotated", detail: { client: id, name: changed[0].name } });
	});
	return secret;
}

/** Disables the client, so that it gets no token any more, or enables it again. */
export async function setServiceClientDisabled(actor: Actor, id: string, disabled: boolean): Promise<void> {
	await fenced(actor, "services.manage", async ({ tx }) => {
		const changed = await tx
			.update(serviceClients)
			.set({ disabledAt: disabled ? sql`coalesce(disabled_at, now())` : null })
			.where(eq(serviceClients.id, id))
			.returning({ name: serviceClients.name });
		if (!changed[0]) throw new Refusal("not-found", "There is no such service client.");
		const action = disabled ? "service.disabled" : "service.enabled";
		await recordAudit(tx, actor, { action, detail: { client: id, name: changed[0].name } });
	});
}

const keySet = z.object({
	keys: z
		.array(z.looseObject({ kty: z.enum(["EC", "OKP", "RSA"]), d: z.never().optional(), k: z.never().optional() }))
		.min(1)
		.max(10),
});

/** Public keys that we can use. A private key here is a mistake that we should not keep. */
function isKeySet(value: unknown): boolean {
	if (value === null) return true;
	const parsed = keySet.safeParse(value);
	return parsed.success && parsed.data.keys.every(isUsable);
}

function isUsable(key: object): boolean {
	try {
		createPublicKey({ key: key as JsonWebKey, format: "jwk" });
		return true;
	} catch {
		return false;
	}
}
