/** What the demo's people do at an identity provider that they sign in with. */
import type { Cast } from "./cast";
import { member, receipt, sessionsOf } from "./interventions";
import type { Story } from "./story";

/** Signed out there, and so was signed out here by the provider. */
export function tellProviders(story: Story, cast: Cast): void {
	const them = member(story, cast, "thandiwe");
	const at = story.daysAgo(2.6);
	const sessions = sessionsOf(story, them, 1, at);
	for (const session of sessions) {
		session.authenticatedWith = "identity";
		story.end(session, "signed_out_at_provider", at, null, receipt(story));
	}
	const detail = { provider: "demo", count: sessions.length };
	story.record({ action: "session.ended_by_provider", at, target: them.person, detail });
	them.clearedAt = at;
}
