/** The identity providers in the console: which there are, where they come from, and what hangs from each. */
import { and, count, countDistinct, eq, inArray, isNull, max, ne, notExists, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { db } from "@/db/client";
import { identities, identityProviders, sessions, users } from "@/db/schema";
import { environment } from "@/lib/environment";
import { isLive } from "@/lib/session/live";
import { openClientSecret } from "./client-secret";
import { isLinked } from "./link";
import type { ProviderSettings } from "./provider-settings";
import { isConfigured, isOverridden } from "./providers";

/** "overridden": the configuration names another one with its id or issuer. "unreadable": its secret has to be given again. */
export type ProviderState = "on" | "off" | "overridden" | "unreadable";

/** A provider as the console lists it: without its secret. */
export interface ListedProvider extends Omit<ProviderSettings, "clientSecret"> {
	from: "configuration" | "console";
	state: ProviderState;
	/** How many people are linked with it. */
	people: number;
	/** How many of them have no password, and no other provider that is on. */
	onlyWay: number;
	/** How many live sessions were begun with it. */
	sessions: number;
	lastUsedAt: Date | null;
}

const NOTHING = { people: 0, onlyWay: 0, sessions: 0, lastUsedAt: null };

/** The configuration's, then the console's by name. */
export async function listProviders(): Promise<ListedProvider[]> {
	const rows = await db.select().from(identityProviders).orderBy(identityProviders.name, identityProviders.id);
	const stored = await Promise.all(
		rows.map(async ({ sealedClientSecret, disabledAt, roles, ...row }) => {
			const isReadable = (await openClientSecret(sealedClientSecret)) !== null;
			const { id, name, issuer, clientId } = row;
			const state: ProviderState = disabledAt
				? "off"
				: isOverridden(row)
					? "overridden"
					: isReadable
						? "on"
						: "unreadable";
			return { id, name, issuer, clientId, roles: roles ?? undefined, from: "console" as const, state };
		}),
	);
	const configured = environment().OIDC_PROVIDERS.map(({ clientSecret, ...settings }) => {
		return { ...settings, from: "configuration" as const, state: "on" as const };
	});
	const all = [...configured, ...stored];
	const figures = await figuresOf(
		all.map(({ issuer }) => issuer),
		all.flatMap(({ issuer, state }) => (state === "on" ? [issuer] : [])),
	);
	return all.map((provider) => {
		const isAnothers = provider.from === "console" && isConfigured(provider.issuer);
		return { ...provider, ...(isAnothers ? NOTHING : figures(provider.issuer)) };
	});
}

/**
 * Counts what hangs from each issuer.
 *
 * @param usable those that can be signed in with: another way in
 */
async function figuresOf(issuers: string[], usable: string[]) {
	const { issuer, userId, lastUsedAt } = identities;
	const ofThem = and(inArray(issuer, issuers), isLinked);
	const other = alias(identities, "other");
	const anotherWay = db
		.select({ one: sql`1` })
		.from(other)
		.where(
			and(eq(other.userId, userId), ne(other.issuer, issuer), inArray(other.issuer, usable), isNull(other.unlinkedAt)),
		);
	const [linked, dependent, begun] = await Promise.all([
		db
			.select({ issuer, people: countDistinct(userId), lastUsedAt: max(lastUsedAt) })
			.from(identities)
			.where(ofThem)
			.groupBy(issuer),
		db
			.select({ issuer, onlyWay: countDistinct(userId) })
			.from(identities)
			.innerJoin(users, eq(users.id, userId))
			.where(and(ofThem, isNull(users.passwordHash), notExists(anotherWay)))
			.groupBy(issuer),
		db
			.select({ issuer, sessions: count() })
			.from(sessions)
			.innerJoin(identities, eq(identities.id, sessions.identityId))
			.where(and(inArray(issuer, issuers), isLive()))
			.groupBy(issuer),
	]);
	return (issuer: string) => ({
		...NOTHING,
		...linked.find((row) => row.issuer === issuer),
		...dependent.find((row) => row.issuer === issuer),
		...begun.find((row) => row.issuer === issuer),
	});
}
