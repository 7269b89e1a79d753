/** What the demo's people do in a native app, whose sessions have a device's name, and a refresh token for a cookie. */
import type { Cast, Member } from "./cast";
import type { DemoDevice } from "./devices";
import { member, receipt } from "./interventions";
import { HOUR_MS, MINUTE_MS, type Story } from "./story";

const android = (appDevice: string): DemoDevice => ({
	userAgent: "Kickoff/1.4 okhttp/4.12.0",
	browser: null,
	operatingSystem: null,
	appDevice,
});

export function tellApps(story: Story, cast: Cast): void {
	signInOn("Alice’s Pixel", story, member(story, cast, "alice"));
	copiedSignIn(story, member(story, cast, "omar"), story.daysAgo(1.7));
}

function signInOn(name: string, story: Story, { person, places }: Member) {
	const at = new Date(story.now.getTime() - story.random.between(2, 30) * HOUR_MS);
	const lastSeenAt = new Date(story.now.getTime() - story.random.between(1, 40) * MINUTE_MS);
	return story.signIn(person, at, { device: android(name), ip: places[0]?.ip ?? "192.0.2.7" }, lastSeenAt);
}

/** Restored a backup of the phone on another one; both went on with the same token. */
function copiedSignIn(story: Story, them: Member, at: Date): void {
	const { person: target, places } = them;
	const place = { device: android("Omar’s old phone"), ip: places[0]?.ip ?? "192.0.2.8" };
	const session = story.signIn(target, new Date(at.getTime() - 40 * HOUR_MS), place, at);
	story.end(session, "token_reused", at, null, receipt(story));
	const detail = { app: "Omar’s old phone" };
	story.record({ action: "session.token_reused", at, from: place, target, sessionId: session.id, detail });
}
