DROP INDEX "sessions_last_seen_on";--> statement-breakpoint
CREATE INDEX "audit_events_acting_as" ON "audit_events" USING btree ("acting_as_id","id") WHERE acting_as_id is not null;--> statement-breakpoint
CREATE INDEX "audit_events_search" ON "audit_events" USING gin (actor_label gin_trgm_ops,target_label gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "ended_sessions_end_reason" ON "ended_sessions" USING btree ("end_reason","ended_at");--> statement-breakpoint
CREATE INDEX "sessions_last_seen_on" ON "sessions" USING btree ("last_seen_on","user_id") WHERE impersonator_id is null;