/**
 * What happens in the demo: ordinary days, a night of guessed passwords, people who leave, and admins who step in. It
 * touches every reason for which a session can end, and ends with the sessions that are live now.
 */
import { type Cast, type Member, settleCast } from "./cast";
import { scriptDevice } from "./devices";
import { tellInterventions } from "./interventions";
import { DAY_MS, HOUR_MS, MINUTE_MS, SESSION_MS, type Story } from "./story";

/** How many of what; with the interventions, about 90 live and 120 ended sessions. */
const SIGN_OUTS = 44;
const IDLE = 11;
const EXPIRED = 5;
const REPLACED = 6;
const MISTYPED_PASSWORDS = 52;
const GUESSED_PASSWORDS = 27;

const PAGES = ["/dashboard", "/settings/profile", "/settings/security", "/api/session"];

export function tellStory(story: Story): void {
	const cast = settleCast(story);
	for (const { person, places } of cast.values()) {
		story.record({
			action: "account.created",
			at: person.createdAt as Date,
			from: places[0],
			target: person,
		});
	}
	tellInterventions(story, cast);
	ordinaryEndings(story, cast);
	failedSignIns(story, cast);
	liveSessions(story, cast);
}

/** Somebody who had an account by then and is not gone now. */
function somebody(story: Story, cast: Cast, at: Date): Member {
	const there = [...cast.values()].filter(
		({ person, liveSessions }) => liveSessions > 0 && (person.createdAt as Date) < at,
	);
	return story.random.pick(there);
}

function ordinaryEndings(story: Story, cast: Cast): void {
	const { random } = story;
	for (let count = 0; count < SIGN_OUTS; count++) {
		const at = story.daysAgo(random.between(0, 14));
		const { person, places } = somebody(story, cast, at);
		const ended = earlier(story.now, new Date(at.getTime() + random.between(4, 500) * MINUTE_MS));
		const session = story.signIn(person, at, random.pick(places), ended);
		if (random.chance(0.1)) story.record({ action: "profile.changed", at: ended, by: session, target: person });
		story.end(session, "signed_out", ended, person);
		story.record({ action: "session.ended", at: ended, by: session, sessionId: session.id });
	}
	for (let count = 0; count < IDLE; count++) {
		const ended = story.daysAgo(random.between(0.2, 6));
		const lastSeen = new Date(ended.getTime() - 7 * DAY_MS);
		const began = new Date(lastSeen.getTime() - random.between(0.1, 9) * DAY_MS);
		const { person, places } = somebody(story, cast, began);
		const back = random.chance(0.5) ? { afterSeconds: random.between(600, 200_000), path: "/dashboard" } : undefined;
		story.end(story.signIn(person, began, random.pick(places), lastSeen), "idle", ended, null, back);
	}
	for (let count = 0; count < EXPIRED; count++) {
		const ended = story.daysAgo(random.between(0.5, 9));
		const began = new Date(ended.getTime() - SESSION_MS);
		const { person, places } = somebody(story, cast, began);
		const lastSeen = new Date(ended.getTime() - random.between(1, 90) * MINUTE_MS);
		const back = { afterSeconds: random.between(30, 9000), path: random.pick(PAGES) };
		story.end(story.signIn(person, began, random.pick(places), lastSeen), "expired", ended, null, back);
	}
	for (let count = 0; count < REPLACED; count++) {
		const began = story.daysAgo(random.between(1, 6));
		const { person, places } = somebody(story, cast, began);
		const place = random.pick(places);
		const again = new Date(began.getTime() + random.between(2, 20) * HOUR_MS);
		story.end(story.signIn(person, began, place, again), "replaced", again, person);
		story.end(story.signIn(person, again, place), "signed_out", new Date(again.getTime() + HOUR_MS), person);
	}
}

function failedSignIns(story: Story, cast: Cast): void {
	const { random } = story;
	for (let count = 0; count < MISTYPED_PASSWORDS; count++) {
		const at = story.daysAgo(random.between(0, 14));
		const { person, places } = somebody(story, cast, at);
		story.record({
			action: "sign_in.failed",
			at,
			from: random.pick(places),
			target: random.chance(0.8) ? person : undefined,
		});
	}
	const from = { device: scriptDevice, ip: "198.51.100.23" };
	const night = Math.floor(story.now.getTime() / DAY_MS) * DAY_MS - 3 * DAY_MS + 2.3 * HOUR_MS;
	for (let count = 0; count < GUESSED_PASSWORDS; count++) {
		const at = new Date(night + count * random.between(6, 9) * 1000);
		story.record({ action: "sign_in.failed", at, from, target: story.person("alice") });
	}
}

/** Some just now, some today, some not for days. */
function liveSessions(story: Story, cast: Cast): void {
	const { random, now } = story;
	for (const { person, places, liveSessions: count, clearedAt } of cast.values()) {
		const already = [...story.live.values()].filter(
			({ userId, impersonatorId }) => userId === person.id && !impersonatorId,
		);
		for (let more = count - already.length; more > 0; more--) {
			const daysSince = (now.getTime() - clearedAt.getTime()) / DAY_MS;
			const daysAgo = Math.min(daysSince * random.between(0.1, 0.95), random.next() ** 2 * 24);
			const began = new Date(now.getTime() - daysAgo * DAY_MS - random.between(2, 9) * MINUTE_MS);
			const quiet = random.chance(0.25) ? random.between(0, 2) * MINUTE_MS : random.next() ** 2 * 6 * DAY_MS;
			const lastSeen = new Date(Math.max(began.getTime(), now.getTime() - quiet));
			story.signIn(person, began, random.pick(places), lastSeen);
		}
	}
}

const earlier = (one: Date, other: Date) => (one < other ? one : other);
