-- What the open tabs and streams must hear of at once. Sent by triggers, so that whoever writes (the app, the command
-- line, a hand in psql) is heard. A payload is a kind and an id, never more. See lib/session/feed.ts.

-- Sessions that ended: one message each, or a single "recheck" when many end together.
CREATE FUNCTION announce_ended_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF (SELECT count(*) FROM ended) > 100 THEN
		PERFORM pg_notify('session_feed', 'recheck:');
	ELSE
		PERFORM pg_notify('session_feed', 'ended:' || id) FROM ended;
	END IF;
	RETURN NULL;
END
$$;--> statement-breakpoint
CREATE TRIGGER "ended_sessions_announce" AFTER INSERT ON "ended_sessions"
	REFERENCING NEW TABLE AS ended FOR EACH STATEMENT EXECUTE FUNCTION announce_ended_sessions();--> statement-breakpoint

-- A session began, or a receipt was written: only the console cares.
CREATE FUNCTION announce_to_console() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_notify('session_feed', 'console:');
	RETURN NULL;
END
$$;--> statement-breakpoint
CREATE TRIGGER "ended_sessions_receipt" AFTER UPDATE OF "first_refused_at" ON "ended_sessions"
	FOR EACH STATEMENT EXECUTE FUNCTION announce_to_console();--> statement-breakpoint
CREATE TRIGGER "sessions_started" AFTER INSERT ON "sessions"
	FOR EACH STATEMENT EXECUTE FUNCTION announce_to_console();--> statement-breakpoint

-- A person whose name, role or standing changed: their tabs show it, and may do more or less than before.
CREATE FUNCTION announce_changed_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_notify('session_feed', 'person:' || NEW.id);
	RETURN NULL;
END
$$;--> statement-breakpoint
CREATE TRIGGER "users_announce" AFTER UPDATE OF "name", "role", "suspended_at", "suspended_until" ON "users"
	FOR EACH ROW EXECUTE FUNCTION announce_changed_person();
