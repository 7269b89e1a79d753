/** Fills an empty development database with demo people and two weeks of their doings, so that the console looks alive. */
import { drizzle } from "drizzle-orm/node-postgres";
import type { Client } from "pg";
import { auditEvents, endedSessions, sessions, users } from "@/db/schema";
import { type DemoPerson, demoPeople } from "./people";
import { tellStory } from "./plot";
import { Random } from "./random";
import { DAY_MS, HOUR_MS, type Person, Story } from "./story";

const SEED = 2_018;
const BATCH_ROWS = 500;

/**
 * Gives the people, the five with well-known addresses first; undefined, and changes nothing, when there is anybody.
 *
 * @param passwordHash what they all sign in with, in PHC format
 */
export async function seedDemo(
	client: Client,
	passwordHash: string,
	now = new Date(),
): Promise<readonly DemoPerson[] | undefined> {
	const story = new Story(new Random(SEED), now, createPeople(now, passwordHash));
	tellStory(story);
	return drizzle(client).transaction(async (tx) => {
		// Two starts at once: the second waits here, and then finds the people of the first.
		await tx.execute("lock table users in share row exclusive mode");
		if ((await tx.select({ id: users.id }).from(users).limit(1)).length > 0) return undefined;
		await tx.insert(users).values([...story.people.values()]);
		// Those without a parent first: an impersonation refers to one of them.
		const live = [...story.live.values()].sort(
			(a, b) => Number(Boolean(a.parentSessionId)) - Number(Boolean(b.parentSessionId)),
		);
		for (const batch of batches(live)) await tx.insert(sessions).values(batch);
		for (const batch of batches(story.ended)) await tx.insert(endedSessions).values(batch);
		const events = story.events.toSorted((a, b) => Number(a.occurredAt) - Number(b.occurredAt));
		for (const batch of batches(events)) await tx.insert(auditEvents).values(batch);
		return demoPeople;
	});
}

function createPeople(now: Date, passwordHash: string): Map<string, Person> {
	const story = new Story(new Random(SEED), now, new Map());
	const people = new Map<string, Person>();
	for (const { email, name, role, sinceDays } of demoPeople) {
		const createdAt = story.daysAgo(sinceDays);
		people.set(email, {
			id: story.id(createdAt),
			email,
			name,
			role,
			passwordHash,
			createdAt,
			emailVerifiedAt: createdAt,
		});
	}
	const suspend = (name: string, daysAgo: number, suspensionReason: string, suspendedUntil?: Date) =>
		Object.assign(people.get(`${name}@example.com`) as Person, {
			suspendedAt: story.daysAgo(daysAgo),
			suspensionReason,
			suspendedUntil,
		});
	suspend("hamza", 5.1, "The card was reported stolen; waiting for the bank");
	suspend("vera", 1.6, "Spam links in comments, third time", new Date(now.getTime() + 3 * DAY_MS + 4 * HOUR_MS));
	suspend("frank", 8.2, "Left the company");
	return people;
}

function* batches<T>(rows: readonly T[]): Generator<T[]> {
	for (let start = 0; start < rows.length; start += BATCH_ROWS) yield rows.slice(start, start + BATCH_ROWS);
}
