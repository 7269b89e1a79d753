CREATE TYPE "public"."link_purpose" AS ENUM('email_verification', 'password_reset', 'email_change', 'email_change_undo', 'sign_in_disowning');--> statement-breakpoint
ALTER TYPE "public"."end_reason" ADD VALUE 'password_reset' BEFORE 'idle';--> statement-breakpoint
ALTER TYPE "public"."end_reason" ADD VALUE 'email_changed' BEFORE 'idle';--> statement-breakpoint
ALTER TYPE "public"."end_reason" ADD VALUE 'disowned' BEFORE 'idle';--> statement-breakpoint
CREATE TABLE "links" (
	"id" uuid PRIMARY KEY NOT NULL,
	"purpose" "link_purpose" NOT NULL,
	"user_id" uuid NOT NULL,
	"email" text NOT NULL,
	"session_id" uuid,
	"token_hash" "bytea",
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "email_verified_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "links" ADD CONSTRAINT "links_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "links_token_hash_unique" ON "links" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "links_user_id" ON "links" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "links_expires_at" ON "links" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "users_unverified" ON "users" USING btree ("created_at") WHERE email_verified_at is null;--> statement-breakpoint
-- Whoever had an account before addresses had to be proven could sign in, and still can.
UPDATE "users" SET "email_verified_at" = "created_at";
