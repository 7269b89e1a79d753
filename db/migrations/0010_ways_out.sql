ALTER TYPE "public"."end_reason" ADD VALUE 'deleted' BEFORE 'password_changed';--> statement-breakpoint
ALTER TYPE "public"."end_reason" ADD VALUE 'limit_reached' BEFORE 'impersonation_stopped';--> statement-breakpoint

-- A person who is deleted leaves the console's lists without a reload.
CREATE TRIGGER "users_deleted" AFTER DELETE ON "users"
	FOR EACH STATEMENT EXECUTE FUNCTION announce_to_console();
