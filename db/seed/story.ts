/** Collects what happened to the demo people: their sessions, live and ended, and the audit events that tell of it. */
import { randomBytes } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import type { auditEvents, endedSessions, sessions, users } from "@/db/schema";
import type { DemoDevice } from "./devices";
import type { Random } from "./random";

export type Person = typeof users.$inferInsert & { id: string };
type Session = typeof sessions.$inferInsert & { id: string };
type EndedSession = typeof endedSessions.$inferInsert;
type Event = typeof auditEvents.$inferInsert;

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
/** The product's limits as they are without configuration, see lib/environment.ts. */
export const SESSION_MS = 30 * DAY_MS;
export const IMPERSONATION_MS = HOUR_MS;

/** From where somebody acts: their browser and address. */
export interface Place {
	device: DemoDevice;
	ip: string;
}

interface Act {
	action: string;
	at: Date;
	/** The session in which it was done; left out for visitors. */
	by?: Session;
	from?: Place;
	target?: Person;
	sessionId?: string;
	reason?: string;
	detail?: Record<string, unknown>;
}

export class Story {
	readonly live = new Map<string, Session>();
	readonly ended: EndedSession[] = [];
	readonly events: Event[] = [];
	/** People whose accounts are gone: only the audit log still has their names. */
	readonly deleted: Person[] = [];

	constructor(
		readonly random: Random,
		readonly now: Date,
		readonly people: ReadonlyMap<string, Person>,
	) {}

	id(at: Date): string {
		return uuidv7({ msecs: at.getTime(), random: this.random.bytes(16) });
	}

	/** The person with this name before the @. */
	person(name: string): Person {
		return this.people.get(`${name}@example.com`) as Person;
	}

	/** A working hour of the day that many days ago, or a minute ago if that is still to come. */
	daysAgo(days: number): Date {
		const midnight = Math.floor((this.now.getTime() - days * DAY_MS) / DAY_MS) * DAY_MS;
		const hour = 6 + (this.random.next() + this.random.next()) * 8;
		return new Date(Math.min(midnight + hour * HOUR_MS, this.now.getTime() - this.random.between(1, 30) * MINUTE_MS));
	}

	/** Signs a person in and records it. The token's hash is random: nobody has the token. */
	signIn(person: Person, at: Date, { device, ip }: Place, lastSeenAt = at): Session {
		const session = this.#add(person, at, lastSeenAt, { ...device, ip }, SESSION_MS);
		this.record({ action: "session.started", at, by: session, target: person, sessionId: session.id });
		return session;
	}

	/** Lets the holder of a session impersonate somebody, and records it. */
	impersonate(admin: Session, target: Person, at: Date, reason: string, lastSeenAt = at): Session {
		const { userAgent, browser, operatingSystem, ip } = admin;
		const session = this.#add(target, at, lastSeenAt, { userAgent, browser, operatingSystem, ip }, IMPERSONATION_MS);
		session.authenticatedWith = "impersonation";
		session.parentSessionId = admin.id;
		session.impersonatorId = admin.userId;
		session.impersonationReason = reason;
		this.record({ action: "impersonation.started", at, by: admin, target, sessionId: session.id, reason });
		return session;
	}

	/** Files a live session as ended. `receipt` says when its cookie was refused afterwards, and where. */
	end(
		session: Session,
		endReason: EndedSession["endReason"],
		endedAt: Date,
		endedBy: { id: string } | null,
		receipt?: { afterSeconds: number; path: string },
	): void {
		this.live.delete(session.id);
		const { lastSeenOn: _, refreshHash: __, ...kept } = session;
		const lastSeenAt = new Date(Math.min(session.lastSeenAt.getTime(), endedAt.getTime()));
		const firstRefusedAt = receipt && new Date(endedAt.getTime() + receipt.afterSeconds * 1000);
		const seen = firstRefusedAt && firstRefusedAt < this.now;
		this.ended.push({
			...kept,
			lastSeenAt,
			endedAt,
			endReason,
			endedById: endedBy?.id,
			firstRefusedAt: seen ? firstRefusedAt : null,
			firstRefusedPath: seen ? receipt.path : null,
		});
	}

	/** Takes who it was and from where out of somebody's ended sessions, as deleting an account does. */
	erase(person: Person): void {
		for (const row of this.ended.filter(({ userId }) => userId === person.id)) {
			const endedById = row.endedById === person.id ? null : row.endedById;
			Object.assign(row, { userId: null, ip: null, userAgent: null, appDevice: null, endedById });
		}
	}

	record({ action, at, by, from, target, sessionId, reason, detail }: Act): void {
		const own = by && this.#who(by.userId);
		const real = by?.impersonatorId ? this.#who(by.impersonatorId) : own;
		const actingAs = by?.impersonatorId ? own : undefined;
		this.events.push({
			id: this.id(at),
			occurredAt: at,
			action,
			actorId: real?.id ?? null,
			actorLabel: real ? label(real) : "visitor",
			actingAsId: actingAs?.id ?? null,
			actingAsLabel: actingAs ? label(actingAs) : null,
			targetId: target?.id ?? null,
			targetLabel: target ? label(target) : null,
			sessionId: sessionId ?? null,
			ip: by?.ip ?? from?.ip ?? null,
			userAgent: by?.userAgent ?? from?.device.userAgent ?? null,
			reason: reason ?? null,
			detail: detail ?? null,
		});
	}

	#add(
		person: Person,
		at: Date,
		lastSeenAt: Date,
		origin: Pick<Session, "userAgent" | "browser" | "operatingSystem" | "appDevice" | "ip">,
		lifetimeMs: number,
	): Session {
		const session: Session = {
			id: this.id(at),
			userId: person.id,
			tokenHash: randomBytes(32),
			refreshHash: origin.appDevice ? randomBytes(32) : null,
			createdAt: at,
			lastSeenAt,
			lastSeenOn: lastSeenAt.toISOString().slice(0, 10),
			expiresAt: new Date(at.getTime() + lifetimeMs),
			authenticatedAt: at,
			authenticatedWith: "password",
			...origin,
		};
		this.live.set(session.id, session);
		return session;
	}

	#who(id: string): Person {
		return [...this.people.values(), ...this.deleted].find((person) => person.id === id) as Person;
	}
}

const label = ({ name, email }: Person) => `${name} <${email}>`;
