-- Room on each page for `last_seen_at` to be updated in place (HOT), without touching an index.
ALTER TABLE "sessions" SET (fillfactor = 85);--> statement-breakpoint

-- The audit log is append-only for everyone who comes through the application, bugs and injected SQL included.
CREATE FUNCTION refuse_change_of_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'audit_events is append-only';
END
$$;--> statement-breakpoint
CREATE TRIGGER "audit_events_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_events"
	FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_history();
