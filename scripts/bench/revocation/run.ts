/**
 * `npm run bench:revocation`: can this credential be revoked in a hurry, and what does that cost? The schemes that people
 * choose between, each in a production build on the same database: browsers go on asking after they were put out, and we
 * count what they are still served; and then all schemes take turns under load. With `--write`, docs/why-sessions.md and
 * its chart say what was found.
 */
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { CannotStart } from "@/db/cannot-start";
import { freePort } from "@/db/embedded-server";
import { launch } from "../../launch";
import { populate } from "../people";
import { printHeading } from "../report";

/** The --lifetime of which docs/why-sessions.md tells. */
const DOCUMENTED = 300;

const USAGE =
	"Usage: npm run bench:revocation -- [--lifetime 300] [--browsers 20] [--seconds 3] [--rounds 7] [--write]";

const { values } = parseArgs({
	options: {
		lifetime: { type: "string", default: String(DOCUMENTED) },
		browsers: { type: "string", default: "20" },
		seconds: { type: "string", default: "3" },
		rounds: { type: "string", default: "7" },
		write: { type: "boolean", default: false },
	},
});

launch(async (run) => {
	const { write, ...numbers } = values;
	const [lifetime = 0, browsers = 0, seconds = 0, rounds = 0] = Object.values(numbers).map(Number);
	if (![lifetime, browsers, seconds, rounds].every((number) => number > 0)) throw new CannotStart(USAGE);
	// Or tokens run out in the middle of a turn under load, where nobody refreshes them.
	if (lifetime < seconds + 10) throw new CannotStart("The --lifetime must be at least ten seconds longer than a turn.");
	if (write && lifetime !== DOCUMENTED) {
		throw new CannotStart(`docs/why-sessions.md tells of ${DOCUMENTED} seconds: leave out --lifetime or --write.`);
	}
	const secret = randomBytes(32).toString("base64url");
	const appUrl = `http://127.0.0.1:${await freePort()}`;
	const { url, version } = await populate(run);
	const environment = {
		DATABASE_URL: url,
		APP_URL: appUrl,
		SESSION_SECRET: secret,
		AUTH_SECRET: secret,
		SHORT_SECONDS: String(lifetime),
	};
	Object.assign(process.env, environment);
	printHeading({ lifetime, browsers, seconds, rounds }, version);

	// The product's connections are to this database: its modules may not be read before the environment says which it is.
	const { experiment } = await import("./experiment");
	const { printFindings, writeFindings } = await import("./report");
	const findings = await experiment({ lifetime, browsers, seconds, rounds }, environment, run);
	printFindings(findings, lifetime);
	if (write) writeFindings(findings, lifetime);
	return 0;
});
