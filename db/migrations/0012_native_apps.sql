ALTER TYPE "public"."end_reason" ADD VALUE 'token_reused' BEFORE 'idle';--> statement-breakpoint
ALTER TABLE "ended_sessions" ADD COLUMN "app_device" text;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "app_device" text;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "refresh_hash" "bytea";