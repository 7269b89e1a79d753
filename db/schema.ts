/**
 * The data dictionary. Every table, with a comment on each column whose name does not say it all.
 * After a change: `npm run db:generate`, look at the migration, commit both.
 */
import { sql } from "drizzle-orm";
import {
	type AnyPgColumn,
	customType,
	date,
	index,
	inet,
	integer,
	jsonb,
	pgEnum,
	pgTable,
	text,
	timestamp,
	uniqueIndex,
	uuid,
} from "drizzle-orm/pg-core";
import { v7 as uuidv7 } from "uuid";

const bytea = customType<{ data: Buffer }>({ dataType: () => "bytea" });
const at = (name: string) => timestamp(name, { withTimezone: true });
/** Version 7: ids sort by creation time, so `order by id` is `order by created_at` without a second index. */
const id = () => uuid("id").primaryKey().$defaultFn(uuidv7);

/** From the lowest rank to the highest. */
export const userRole = pgEnum("user_role", ["user", "support", "admin", "owner"]);

/** How the holder of a session proved who they are. */
export const authenticationMethod = pgEnum("authentication_method", ["password", "impersonation", "identity"]);

/** Why a session ended. The person reads it, in words, on the sign-in page. */
export const endReason = pgEnum("end_reason", [
	"signed_out",
	"signed_out_elsewhere",
	"forced",
	"forced_for_all",
	"suspended",
	"offboarded",
	"deleted",
	"password_changed",
	"password_reset",
	"email_changed",
	"disowned",
	"token_reused",
	"signed_out_at_provider",
	"idle",
	"expired",
	"replaced",
	"limit_reached",
	"impersonation_stopped",
	"impersonation_expired",
	"impersonator_gone",
]);

export const users = pgTable(
	"users",
	{
		id: id(),
		/** Normalised by `normalizeEmail` in lib/accounts; the unique index below decides who owns an address. */
		email: text("email").notNull(),
		/** When its holder last proved that the address is theirs. Null only after signing up, and then nobody signs in yet. */
		emailVerifiedAt: at("email_verified_at"),
		name: text("name").notNull(),
		/** Argon2id in PHC format. */
		passwordHash: text("password_hash"),
		role: userRole("role").notNull().default("user"),
		createdAt: at("created_at").notNull().defaultNow(),
		/** Set while suspended; the person is out as long as `suspended_until` is null or in the future. */
		suspendedAt: at("suspended_at"),
		suspendedUntil: at("suspended_until"),
		suspensionReason: text("suspension_reason"),
	},
	(table) => [
		uniqueIndex("users_email_unique").on(table.email),
		index("users_name_id").on(table.name, table.id),
		index("users_role_id").on(table.role, table.id),
		index("users_unverified").on(table.createdAt).where(sql`email_verified_at is null`),
		index("users_suspended").on(table.suspendedAt).where(sql`suspended_at is not null`),
		index("users_search").using("gin", sql`name gin_trgm_ops`, sql`email gin_trgm_ops`),
	],
);

/** What a live and an ended session have in common: the row moves over unchanged when it ends. */
const sessionColumns = {
	/** SHA-256 of the token in the cookie, or of the lasting half of an app's refresh token. Tokens are stored nowhere. */
	tokenHash: bytea("token_hash").notNull(),
	createdAt: at("created_at").notNull(),
	/** Written at most once a minute. Never index it: an index would turn every touch into a slow, non-HOT update. */
	lastSeenAt: at("last_seen_at").notNull(),
	/** The absolute limit. The idle limit is `last_seen_at` plus SESSION_IDLE_SECONDS. */
	expiresAt: at("expires_at").notNull(),
	ip: inet("ip"),
	userAgent: text("user_agent"),
	/** Parsed from `user_agent` once, so that the console can filter: "Chrome", "macOS". */
	browser: text("browser"),
	operatingSystem: text("operating_system"),
	/** What a native app calls the device that it runs on; null for browsers. */
	appDevice: text("app_device"),
	authenticatedWith: authenticationMethod("authenticated_with").notNull(),
	/** When they last proved who they are in this session: by a password, or at a provider that says when it asked. */
	authenticatedAt: at("authenticated_at").notNull(),
	/** Why an admin impersonates; null for everyone's own sessions. */
	impersonationReason: text("impersonation_reason"),
};

/**
 * Only live sessions: a session that ends leaves this table in the same statement that files it under
 * `ended_sessions`. So "live" means "the row exists and is not past its limits", and no query can forget a flag.
 */
export const sessions = pgTable(
	"sessions",
	{
		id: id(),
		/** No cascade: whoever deletes a user must end the sessions first, so that each leaves its reason behind. */
		userId: uuid("user_id")
			.notNull()
			.references(() => users.id),
		...sessionColumns,
		/** SHA-256 of the one refresh token that an app may use next; null for browsers, which have a cookie instead. */
		refreshHash: bytea("refresh_hash"),
		/** The UTC day of `last_seen_at`. Changes once a day, so it may be indexed: "people active today". */
		lastSeenOn: date("last_seen_on").notNull(),
		/** An impersonation hangs from the admin's own session and cannot outlive it. No cascade, as above. */
		parentSessionId: uuid("parent_session_id").references((): AnyPgColumn => sessions.id),
		/** The admin behind an impersonation; the owner of the parent session. */
		impersonatorId: uuid("impersonator_id").references(() => users.id),
		/** The identity that it was begun with, and the provider's own session (`sid`): both may end it from afar. */
		identityId: uuid("identity_id").references((): AnyPgColumn => identities.id, { onDelete: "set null" }),
		providerSid: text("provider_sid"),
	},
	(table) => [
		uniqueIndex("sessions_token_hash_unique").on(table.tokenHash),
		index("sessions_user_id").on(table.userId, table.id),
		index("sessions_expires_at").on(table.expiresAt),
		/** Who was active on a day; an admin who impersonates someone does not make them active. */
		index("sessions_last_seen_on").on(table.lastSeenOn, table.userId).where(sql`impersonator_id is null`),
		index("sessions_ip").on(table.ip, table.id),
		index("sessions_browser").on(table.browser, table.id),
		index("sessions_operating_system").on(table.operatingSystem, table.id),
		index("sessions_identity").on(table.identityId, table.id).where(sql`identity_id is not null`),
		index("sessions_parent").on(table.parentSessionId).where(sql`parent_session_id is not null`),
		index("sessions_impersonator").on(table.impersonatorId, table.id).where(sql`impersonator_id is not null`),
	],
);

/** Sessions that are over, kept for the console's history and for telling the person why. */
export const endedSessions = pgTable(
	"ended_sessions",
	{
		/** The id that the session had while it was live. */
		id: uuid("id").primaryKey(),
		/** Null once the account was deleted; the row stays, for its token hash still tells the browser why. */
		userId: uuid("user_id").references(() => users.id, { onDelete: "set null" }),
		...sessionColumns,
		/** No foreign key: the parent has ended too, or soon will. */
		parentSessionId: uuid("parent_session_id"),
		impersonatorId: uuid("impersonator_id").references(() => users.id, { onDelete: "set null" }),
		endedAt: at("ended_at").notNull(),
		endReason: endReason("end_reason").notNull(),
		/** Who ended it; null when nobody did (a limit was reached), the command line did, or their account was deleted. */
		endedById: uuid("ended_by_id").references(() => users.id, { onDelete: "set null" }),
		/** The receipt: when and where its cookie was first refused afterwards. Null means "not seen since". */
		firstRefusedAt: at("first_refused_at"),
		/** The path alone, without its query: a query may hold a secret. */
		firstRefusedPath: text("first_refused_path"),
	},
	(table) => [
		uniqueIndex("ended_sessions_token_hash_unique").on(table.tokenHash),
		index("ended_sessions_ended_at").on(table.endedAt, table.id),
		index("ended_sessions_end_reason").on(table.endReason, table.endedAt),
		index("ended_sessions_user").on(table.userId, table.endedAt, table.id),
		index("ended_sessions_impersonator").on(table.impersonatorId).where(sql`impersonator_id is not null`),
		index("ended_sessions_ended_by").on(table.endedById, table.endedAt, table.id).where(sql`ended_by_id is not null`),
	],
);

/**
 * Append-only (a trigger refuses update and delete), written in the same transaction as the act. No foreign keys, and
 * names are copied: history outlives the people in it. A row never holds a secret.
 */
export const auditEvents = pgTable(
	"audit_events",
	{
		id: id(),
		occurredAt: at("occurred_at").notNull().defaultNow(),
		/** What happened, as listed in lib/audit: "session.forced_out", "user.suspended". */
		action: text("action").notNull(),
		/** Who really acted. Null for visitors and for the system; the label then says which. */
		actorId: uuid("actor_id"),
		actorLabel: text("actor_label").notNull(),
		/** As whom, when the actor was impersonating. */
		actingAsId: uuid("acting_as_id"),
		actingAsLabel: text("acting_as_label"),
		/** On whom. */
		targetId: uuid("target_id"),
		targetLabel: text("target_label"),
		/** The session acted upon, or the one that acted. */
		sessionId: uuid("session_id"),
		ip: inet("ip"),
		userAgent: text("user_agent"),
		/** Why, in the actor's words. */
		reason: text("reason"),
		/** What the columns above cannot say: old and new role, how many sessions ended. */
		detail: jsonb("detail").$type<Record<string, unknown>>(),
	},
	(table) => [
		index("audit_events_actor").on(table.actorId, table.id),
		index("audit_events_acting_as").on(table.actingAsId, table.id).where(sql`acting_as_id is not null`),
		index("audit_events_target").on(table.targetId, table.id),
		index("audit_events_action").on(table.action, table.id),
		index("audit_events_ip").on(table.ip, table.id),
		index("audit_events_search").using("gin", sql`actor_label gin_trgm_ops`, sql`target_label gin_trgm_ops`),
	],
);

/** What a link in a mail is good for; for nothing else. */
export const linkPurpose = pgEnum("link_purpose", [
	"email_verification",
	"password_reset",
	"email_change",
	"email_change_undo",
	"sign_in_disowning",
]);

/** The single-use links in mails. Using one deletes its row, in the transaction of what it was used for. */
export const links = pgTable(
	"links",
	{
		id: id(),
		purpose: linkPurpose("purpose").notNull(),
		userId: uuid("user_id")
			.notNull()
			.references(() => users.id, { onDelete: "cascade" }),
		/** The address that the mail goes to, and that the link is about. */
		email: text("email").notNull(),
		/** The session that asked for it, or that it is about. No foreign key: a session leaves its table when it ends. */
		sessionId: uuid("session_id"),
		/** SHA-256 of the token. Null until the mail is sent: only then is the token made, and stored nowhere. */
		tokenHash: bytea("token_hash"),
		/** Of a link that waits for its mail: when it gives up. Its own time runs from the moment it is sent. */
		expiresAt: at("expires_at").notNull(),
	},
	(table) => [
		uniqueIndex("links_token_hash_unique").on(table.tokenHash),
		index("links_user_id").on(table.userId, table.id),
		index("links_expires_at").on(table.expiresAt),
	],
);

/** Accounts at identity providers by which people sign in. An identity is who says it and whom they mean, never an address. */
export const identities = pgTable(
	"identities",
	{
		id: id(),
		userId: uuid("user_id")
			.notNull()
			.references(() => users.id, { onDelete: "cascade" }),
		/** The `iss` and the `sub` of its ID tokens. */
		issuer: text("issuer").notNull(),
		subject: text("subject").notNull(),
		/** The provider's id when it was linked, for the time after the provider was removed. */
		provider: text("provider").notNull(),
		/** As the provider said it last: to tell two accounts there apart, and for nothing else. */
		email: text("email"),
		linkedAt: at("linked_at").notNull().defaultNow(),
		lastUsedAt: at("last_used_at"),
		/** When the provider last said that they signed out there: a sign-in that was on its way then comes too late. */
		signedOutAt: at("signed_out_at"),
		/** The row stays then, so that the same identity does not come back in by its address. */
		unlinkedAt: at("unlinked_at"),
	},
	(table) => [
		uniqueIndex("identities_issuer_subject_unique").on(table.issuer, table.subject),
		index("identities_user_id").on(table.userId, table.id),
	],
);

/**
 * Identity providers that owners added in the console, beside those of the configuration (OIDC_PROVIDERS). An identity is not
 * tied to the row, but to the issuer: it outlives the row, and is good again when the issuer is.
 */
export const identityProviders = pgTable(
	"identity_providers",
	{
		/** Stands in the address that the provider sends people back to, so it never changes. */
		id: text("id").primaryKey(),
		/** "Continue with NAME". */
		name: text("name").notNull(),
		/** Exactly as the provider writes it. Never changes: who its people are hangs from it. */
		issuer: text("issuer").notNull(),
		clientId: text("client_id").notNull(),
		/** Sealed with a key that is derived from SESSION_SECRET for this purpose alone. */
		sealedClientSecret: text("sealed_client_secret").notNull(),
		/** Which values of one claim give newcomers a role; null if they all begin as users. */
		roles: jsonb("roles").$type<{ claim: string; support: string[]; admin: string[] }>(),
		createdAt: at("created_at").notNull().defaultNow(),
		createdById: uuid("created_by_id").references(() => users.id, { onDelete: "set null" }),
		/** When its settings were last changed, or it was turned off or on. */
		changedAt: at("changed_at").notNull().defaultNow(),
		changedById: uuid("changed_by_id").references(() => users.id, { onDelete: "set null" }),
		/** Set while it is turned off. */
		disabledAt: at("disabled_at"),
	},
	(table) => [uniqueIndex("identity_providers_issuer_unique").on(table.issuer)],
);

/** Identities whose person was erased, as hashes: beginning anew, they do not get back a role that was taken from them. */
export const erasedIdentities = pgTable("erased_identities", {
	/** SHA-256 of issuer and subject. */
	hash: bytea("hash").primaryKey(),
	/** As they stood in `users`: whoever was suspended does not come back in by having been deleted. */
	suspendedAt: at("suspended_at"),
	suspendedUntil: at("suspended_until"),
});

/** What somebody went to a provider for. */
export const providerErrand = pgEnum("provider_errand", ["sign_in", "link", "proof"]);

/** People who are at a provider right now. Coming back deletes the row: of two answers, one finds it. */
export const providerVisits = pgTable(
	"provider_visits",
	{
		/** SHA-256 of the `state` that went along, and that comes back. */
		stateHash: bytea("state_hash").primaryKey(),
		/** SHA-256 of what the browser keeps in a cookie: nobody else's browser may bring the answer. */
		browserHash: bytea("browser_hash").notNull(),
		/** The provider's id: no other provider may give the answer. */
		provider: text("provider").notNull(),
		errand: providerErrand("errand").notNull(),
		/** Whose errand it is, unless it is to sign in. No foreign key: a session leaves its table when it ends. */
		sessionId: uuid("session_id"),
		/** Where the person goes on to afterwards: a path of ours. */
		returnPath: text("return_path").notNull(),
		/** The nonce and the PKCE verifier, sealed. */
		sealedSecrets: text("sealed_secrets").notNull(),
		startedAt: at("started_at").notNull().defaultNow(),
		expiresAt: at("expires_at").notNull(),
	},
	(table) => [index("provider_visits_expires_at").on(table.expiresAt)],
);

/** How often something was tried, and until when that counts. The names of the properties are rate-limiter-flexible's. */
export const throttles = pgTable("throttles", {
	/** What is counted, for whom; addresses and e-mails only as hashes. */
	key: text("key").primaryKey(),
	points: integer("points").notNull(),
	expire: at("expires_at"),
});

/**
 * The keys that sign access tokens, and whose public halves are at /.well-known/jwks.json. A key is published before it
 * signs, signs until the next one does, and is removed when the last token that it signed has expired.
 */
export const signingKeys = pgTable("signing_keys", {
	/** The `kid` of its tokens. */
	id: id(),
	/** As a JWK (RFC 7517). */
	publicKey: jsonb("public_key").$type<Record<string, unknown>>().notNull(),
	/** As a JWK, sealed with a key that is derived from SESSION_SECRET for this purpose alone. */
	sealedPrivateKey: text("sealed_private_key").notNull(),
	createdAt: at("created_at").notNull().defaultNow(),
	signsFrom: at("signs_from").notNull(),
});

/** Other programs of ours, which get access tokens by proving who they are (OAuth 2.0 client credentials). */
export const serviceClients = pgTable(
	"service_clients",
	{
		/** The `client_id`. */
		id: id(),
		name: text("name").notNull(),
		/** SHA-256 of a secret of 32 random bytes, which was shown once; null for clients with keys. */
		secretHash: bytea("secret_hash"),
		/** The public keys that it signs its assertions with (private_key_jwt), as a JSON Web Key Set. */
		publicKeys: jsonb("public_keys").$type<{ keys: Record<string, unknown>[] }>(),
		scopes: text("scopes").array().notNull(),
		/** Whom it may call: the `aud` of its tokens is one of these. */
		audiences: text("audiences").array().notNull(),
		createdAt: at("created_at").notNull().defaultNow(),
		createdById: uuid("created_by_id").references(() => users.id, { onDelete: "set null" }),
		lastUsedAt: at("last_used_at"),
		disabledAt: at("disabled_at"),
	},
	(table) => [uniqueIndex("service_clients_name_unique").on(table.name)],
);

/**
 * Assertions of service clients and logout tokens of providers that were taken, so that none is taken twice; and who signed
 * out at a provider a moment ago (see lib/identities/sign-outs.ts).
 */
export const usedAssertions = pgTable(
	"used_assertions",
	{
		/** SHA-256 of who made it and its `jti`, or of who signed out. */
		hash: bytea("hash").primaryKey(),
		expiresAt: at("expires_at").notNull(),
	},
	(table) => [index("used_assertions_expires_at").on(table.expiresAt)],
);
