-- Substring search over names and e-mail addresses. A "trusted" extension: the owner of a database may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;--> statement-breakpoint
CREATE TYPE "public"."authentication_method" AS ENUM('password', 'impersonation');--> statement-breakpoint
CREATE TYPE "public"."end_reason" AS ENUM('signed_out', 'signed_out_elsewhere', 'forced', 'forced_for_all', 'suspended', 'offboarded', 'password_changed', 'idle', 'expired', 'replaced', 'impersonation_stopped', 'impersonation_expired', 'impersonator_gone');--> statement-breakpoint
CREATE TYPE "public"."user_role" AS ENUM('user', 'support', 'admin', 'owner');--> statement-breakpoint
CREATE TABLE "audit_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"occurred_at" timestamp with time zone DEFAULT now() NOT NULL,
	"action" text NOT NULL,
	"actor_id" uuid,
	"actor_label" text NOT NULL,
	"acting_as_id" uuid,
	"acting_as_label" text,
	"target_id" uuid,
	"target_label" text,
	"session_id" uuid,
	"ip" "inet",
	"user_agent" text,
	"reason" text,
	"detail" jsonb
);
--> statement-breakpoint
CREATE TABLE "ended_sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid,
	"token_hash" "bytea" NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ip" "inet",
	"user_agent" text,
	"browser" text,
	"operating_system" text,
	"authenticated_with" "authentication_method" NOT NULL,
	"authenticated_at" timestamp with time zone NOT NULL,
	"impersonation_reason" text,
	"parent_session_id" uuid,
	"impersonator_id" uuid,
	"ended_at" timestamp with time zone NOT NULL,
	"end_reason" "end_reason" NOT NULL,
	"ended_by_id" uuid,
	"first_refused_at" timestamp with time zone,
	"first_refused_path" text
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ip" "inet",
	"user_agent" text,
	"browser" text,
	"operating_system" text,
	"authenticated_with" "authentication_method" NOT NULL,
	"authenticated_at" timestamp with time zone NOT NULL,
	"impersonation_reason" text,
	"last_seen_on" date NOT NULL,
	"parent_session_id" uuid,
	"impersonator_id" uuid
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"password_hash" text,
	"role" "user_role" DEFAULT 'user' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"suspended_at" timestamp with time zone,
	"suspended_until" timestamp with time zone,
	"suspension_reason" text
);
--> statement-breakpoint
ALTER TABLE "ended_sessions" ADD CONSTRAINT "ended_sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ended_sessions" ADD CONSTRAINT "ended_sessions_impersonator_id_users_id_fk" FOREIGN KEY ("impersonator_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ended_sessions" ADD CONSTRAINT "ended_sessions_ended_by_id_users_id_fk" FOREIGN KEY ("ended_by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_parent_session_id_sessions_id_fk" FOREIGN KEY ("parent_session_id") REFERENCES "public"."sessions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_impersonator_id_users_id_fk" FOREIGN KEY ("impersonator_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_events_actor" ON "audit_events" USING btree ("actor_id","id");--> statement-breakpoint
CREATE INDEX "audit_events_target" ON "audit_events" USING btree ("target_id","id");--> statement-breakpoint
CREATE INDEX "audit_events_action" ON "audit_events" USING btree ("action","id");--> statement-breakpoint
CREATE INDEX "audit_events_ip" ON "audit_events" USING btree ("ip","id");--> statement-breakpoint
CREATE UNIQUE INDEX "ended_sessions_token_hash_unique" ON "ended_sessions" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "ended_sessions_ended_at" ON "ended_sessions" USING btree ("ended_at","id");--> statement-breakpoint
CREATE INDEX "ended_sessions_user" ON "ended_sessions" USING btree ("user_id","ended_at","id");--> statement-breakpoint
CREATE INDEX "ended_sessions_impersonator" ON "ended_sessions" USING btree ("impersonator_id") WHERE impersonator_id is not null;--> statement-breakpoint
CREATE INDEX "ended_sessions_ended_by" ON "ended_sessions" USING btree ("ended_by_id") WHERE ended_by_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "sessions_token_hash_unique" ON "sessions" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "sessions_user_id" ON "sessions" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "sessions_expires_at" ON "sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "sessions_last_seen_on" ON "sessions" USING btree ("last_seen_on","user_id");--> statement-breakpoint
CREATE INDEX "sessions_ip" ON "sessions" USING btree ("ip","id");--> statement-breakpoint
CREATE INDEX "sessions_browser" ON "sessions" USING btree ("browser","id");--> statement-breakpoint
CREATE INDEX "sessions_operating_system" ON "sessions" USING btree ("operating_system","id");--> statement-breakpoint
CREATE INDEX "sessions_parent" ON "sessions" USING btree ("parent_session_id") WHERE parent_session_id is not null;--> statement-breakpoint
CREATE INDEX "sessions_impersonator" ON "sessions" USING btree ("impersonator_id","id") WHERE impersonator_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "users_email_unique" ON "users" USING btree ("email");--> statement-breakpoint
CREATE INDEX "users_name_id" ON "users" USING btree ("name","id");--> statement-breakpoint
CREATE INDEX "users_role_id" ON "users" USING btree ("role","id");--> statement-breakpoint
CREATE INDEX "users_suspended" ON "users" USING btree ("suspended_at") WHERE suspended_at is not null;--> statement-breakpoint
CREATE INDEX "users_search" ON "users" USING gin (name gin_trgm_ops,email gin_trgm_ops);