/** The schemes that Kickoff's sessions are compared with, by name. */
import { cachedSession } from "./cached-session";
import { denylistJwt } from "./denylist-jwt";
import { plainJwt } from "./plain-jwt";
import { refreshedJwt } from "./refreshed-jwt";
import type { Scheme } from "./scheme";
import { versionedJwt } from "./versioned-jwt";

export const schemes = {
	"plain-jwt": plainJwt,
	"refreshed-jwt": refreshedJwt,
	"cached-session": cachedSession,
	"denylist-jwt": denylistJwt,
	"versioned-jwt": versionedJwt,
} satisfies Record<string, Scheme>;

export type SchemeName = keyof typeof schemes;

/** The one that this server was started with. */
export function currentScheme(): Scheme {
	return schemes[process.env.SCHEME as SchemeName];
}
