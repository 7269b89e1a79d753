CREATE TABLE "erased_identities" (
	"hash" "bytea" PRIMARY KEY NOT NULL,
	"suspended_at" timestamp with time zone,
	"suspended_until" timestamp with time zone
);
