DROP INDEX "ended_sessions_ended_by";--> statement-breakpoint
CREATE INDEX "ended_sessions_ended_by" ON "ended_sessions" USING btree ("ended_by_id","ended_at","id") WHERE ended_by_id is not null;