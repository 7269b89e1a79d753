/**
 * What the API answers, field by field. An answer is parsed by its schema before it leaves, so a field that is not named
 * here stays in the house, whatever a query selects. `meta` is for the document at /api/openapi.json.
 */
import { z } from "zod";
import { endReasons } from "@/lib/admin/ended-sessions";
import { auditActions } from "@/lib/audit/actions";
import { roles } from "@/lib/permissions/matrix";

const id = z.uuid().meta({ example: "0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b" });
const email = z.string().meta({ format: "email", example: "alice@example.com" });
const name = z.string().meta({ example: "Alice Nakamura" });
const role = z.enum(roles).meta({ id: "Role", example: "user" });
const moment = z.date().meta({ example: "2026-01-31T09:30:00.000Z" });

const ip = z.string().nullable().meta({ example: "203.0.113.7" });
const personNamed = z.object({ id, name });
const person = z.object({ id, name, email, role });

export const currentSessionAnswer = z
	.object({
		session: z.object({ id, createdAt: moment, lastSeenAt: moment, expiresAt: moment }),
		user: person,
		impersonator: personNamed.nullable().meta({ description: "The admin behind it, when this is an impersonation." }),
	})
	.meta({ id: "CurrentSession" });

export const userAnswer = z
	.object({
		id,
		name,
		email,
		role,
		status: z.enum(["active", "suspended"]).meta({ example: "active" }),
		sessions: z.int().meta({ description: "Their own live sessions.", example: 2 }),
		lastSeenAt: moment.nullable().meta({ description: "Null for never." }),
		createdAt: moment,
	})
	.meta({ id: "User" });

export const offboardingAnswer = z
	.object({
		sessions: z.int().meta({ description: "Their own sessions.", example: 2 }),
		impersonationsOpened: z.int().meta({ description: "Impersonations that they opened.", example: 0 }),
		impersonationsOf: z.int().meta({ description: "Impersonations of them by others.", example: 0 }),
	})
	.meta({ id: "OffboardingReport" });

const remembered = z
	.object({
		id: id.nullable().meta({ description: "Null for visitors, the system and the command line." }),
		label: z.string().meta({ example: "Alice Nakamura <alice@example.com>" }),
	})
	.meta({ id: "RememberedPerson", description: "A person under the name that they had then." });

export const userDetailAnswer = userAnswer
	.extend({
		suspension: z
			.object({
				since: moment,
				until: moment.nullable().meta({ description: "When it lifts by itself; null for never." }),
				reason: z.string().nullable(),
				by: remembered.nullable(),
				offboarding: offboardingAnswer
					.nullable()
					.meta({ description: "What ended with it, if it was an off-boarding." }),
			})
			.nullable()
			.meta({ description: "Null for people who are not suspended." }),
	})
	.meta({ id: "UserDetail" });

const device = {
	browser: z.string().nullable().meta({ example: "Chrome" }),
	operatingSystem: z.string().nullable().meta({ example: "macOS" }),
	appDevice: z.string().nullable().meta({ description: "What a native app calls its device; null for browsers." }),
	ip,
};

const impersonationReason = z.string().nullable();
const impersonation = z
	.object({ by: personNamed, reason: impersonationReason })
	.nullable()
	.meta({ description: "Who acts as the person in it, and why; null for people's own sessions." });

export const sessionAnswer = z
	.object({
		id,
		user: person,
		...device,
		authenticatedWith: z.enum(["password", "impersonation", "identity"]),
		createdAt: moment,
		lastSeenAt: moment,
		expiresAt: moment,
		impersonation,
	})
	.meta({ id: "Session" });

export const endedSessionAnswer = z
	.object({
		id: id.meta({ description: "The id that it had while it was live." }),
		user: person.nullable().meta({ description: "Null when the account is gone." }),
		...device,
		authenticatedWith: z.enum(["password", "impersonation", "identity"]),
		createdAt: moment,
		lastSeenAt: moment,
		endedAt: moment,
		reason: z.enum(endReasons).meta({ id: "EndReason", example: "forced" }),
		endedBy: personNamed.nullable().meta({
			description: "Null for a limit that was reached, the command line, and someone whose account is gone.",
		}),
		impersonation: z
			.object({
				by: personNamed.nullable().meta({ description: "Null when the account is gone." }),
				reason: impersonationReason,
			})
			.nullable()
			.meta({ description: "Who acted as the person in it, and why; null for people's own sessions." }),
		refused: z
			.object({ at: moment, path: z.string().meta({ example: "/projects" }) })
			.nullable()
			.meta({ description: "The receipt: when and where its cookie was first refused. Null for not seen since." }),
	})
	.meta({ id: "EndedSession" });

export const endedAnswer = z
	.object({ ended: z.int().meta({ description: "How many sessions ended, impersonations included.", example: 3 }) })
	.meta({ id: "Ended" });

export const auditEventAnswer = z
	.object({
		id,
		occurredAt: moment,
		action: z.string().meta({ examples: Object.keys(auditActions) }),
		actor: remembered.meta({ description: "Who really acted." }),
		actingAs: remembered.nullable().meta({ description: "As whom, while impersonating." }),
		target: remembered.nullable().meta({ description: "On whom." }),
		sessionId: id.nullable(),
		ip,
		userAgent: z.string().nullable(),
		reason: z.string().nullable().meta({ description: "Why, in the actor's own words." }),
		detail: z
			.record(z.string(), z.unknown())
			.nullable()
			.meta({ example: { from: "user", to: "support" } }),
	})
	.meta({ id: "AuditEvent" });
