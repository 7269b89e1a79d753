-- The session feed hears of everything that its streams depend on, whoever writes it, and never of thousands of things one
-- by one: an act on very many rows is announced in one word. Replaces the triggers of `session_feed`.

-- Says what the trigger is told to say.
CREATE FUNCTION announce() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_notify('session_feed', TG_ARGV[0]);
	RETURN NULL;
END
$$;--> statement-breakpoint

-- A session ends when its row goes, also by a hand in psql that files it nowhere.
DROP TRIGGER "ended_sessions_announce" ON "ended_sessions";--> statement-breakpoint
CREATE TRIGGER "sessions_ended" AFTER DELETE ON "sessions"
	REFERENCING OLD TABLE AS ended FOR EACH STATEMENT EXECUTE FUNCTION announce_ended_sessions();--> statement-breakpoint
CREATE TRIGGER "sessions_emptied" AFTER TRUNCATE ON "sessions"
	FOR EACH STATEMENT EXECUTE FUNCTION announce('recheck:');--> statement-breakpoint
-- Nothing in the app moves this limit; whoever does, means it.
CREATE TRIGGER "sessions_limit_moved" AFTER UPDATE OF "expires_at" ON "sessions"
	FOR EACH STATEMENT EXECUTE FUNCTION announce('recheck:');--> statement-breakpoint

-- People, with all that a page shows of them and decides by (see lib/session/identity.ts).
DROP TRIGGER "users_announce" ON "users";--> statement-breakpoint
DROP FUNCTION announce_changed_person();--> statement-breakpoint
CREATE FUNCTION announce_changed_people() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	ids uuid[] := ARRAY(
		SELECT after.id FROM after JOIN before USING (id)
		WHERE (before.name, before.email, before.role, before.suspended_at, before.suspended_until)
			IS DISTINCT FROM (after.name, after.email, after.role, after.suspended_at, after.suspended_until)
		LIMIT 101
	);
BEGIN
	IF cardinality(ids) > 100 THEN
		PERFORM pg_notify('session_feed', 'recheck:');
	ELSE
		PERFORM pg_notify('session_feed', 'person:' || id) FROM unnest(ids) AS id;
	END IF;
	RETURN NULL;
END
$$;--> statement-breakpoint
CREATE TRIGGER "users_changed" AFTER UPDATE ON "users"
	REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION announce_changed_people();
