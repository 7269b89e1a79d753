-- There is no Safari on Windows, and the planner has to know: it multiplies the shares of both otherwise, and reads the
-- whole table in search of a page full of them.
CREATE STATISTICS "sessions_devices" (mcv) ON "browser", "operating_system" FROM "sessions";
