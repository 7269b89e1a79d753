/** What the demo's people do by way of a link in a mail, without being signed in where they open it. */
import type { Cast, Member } from "./cast";
import { member, receipt, sessionsOf } from "./interventions";
import { MINUTE_MS, type Story } from "./story";

export function tellMailedLinks(story: Story, cast: Cast): void {
	forgottenPassword(story, member(story, cast, "bob"), story.daysAgo(7.4));
	newAddress(story, member(story, cast, "soojin"), story.daysAgo(5.6));
	strangerAtTheDoor(story, member(story, cast, "layla"), story.daysAgo(3.9));
}

/** Asked for a link, chose a new password, and was signed out everywhere by it. */
function forgottenPassword(story: Story, them: Member, at: Date): void {
	const target = them.person;
	const from = them.places[0];
	const asked = new Date(at.getTime() - 4 * MINUTE_MS);
	for (const session of sessionsOf(story, them, 2, at))
		story.end(session, "password_reset", at, target, receipt(story));
	story.record({ action: "password.reset_requested", at: asked, from, target });
	story.record({ action: "password.reset", at, from, target, detail: { count: 2 } });
	them.clearedAt = at;
}

/** Confirmed a new address, which kept the session that asked and ended the other. */
function newAddress(story: Story, them: Member, at: Date): void {
	const target = them.person;
	const [here, elsewhere] = sessionsOf(story, them, 2, at) as [Session, Session];
	const asked = new Date(at.getTime() - 9 * MINUTE_MS);
	const moved = { from: "soojin.kim@example.com", to: target.email };
	story.record({ action: "email.change_requested", at: asked, by: here, target, detail: moved });
	story.end(elsewhere, "email_changed", at, target, receipt(story));
	story.record({ action: "email.changed", at, by: here, target, detail: { count: 1, ...moved } });
	story.end(here, "signed_out", new Date(at.getTime() + 15 * MINUTE_MS), target);
	them.clearedAt = at;
}

/** Heard of a sign-in that was not theirs, and ended it. */
function strangerAtTheDoor(story: Story, them: Member, at: Date): void {
	const target = them.person;
	const [session] = sessionsOf(story, them, 1, at) as [Session];
	story.end(session, "disowned", at, target, receipt(story));
	story.record({ action: "session.disowned", at, from: them.places[0], target, sessionId: session.id });
}

type Session = ReturnType<Story["signIn"]>;
