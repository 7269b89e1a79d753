/** What the demo's admins do, and what people do about their own sessions: everything that ends sessions on purpose. */
import { tellApps } from "./apps";
import type { Cast, Member } from "./cast";
import { tellMailedLinks } from "./mailed-links";
import { tellProviders } from "./providers";
import { DAY_MS, HOUR_MS, IMPERSONATION_MS, MINUTE_MS, SESSION_MS, type Story } from "./story";

type Desk = ReturnType<Story["signIn"]>;

export function tellInterventions(story: Story, cast: Cast): void {
	everyoneOut(story, cast);
	const desk = (name: string) => openDesk(story, cast, name);
	const desks = { owner: desk("owner"), admin: desk("admin"), priya: desk("priya"), support: desk("support") };
	roles(story, desks);
	forcedLogouts(story, cast, desks);
	closedAccounts(story, cast, desks);
	deletedAccount(story, cast, desks);
	impersonations(story, cast, desks);
	ownDecisions(story, cast);
	beyondLimit(story, cast);
	tellMailedLinks(story, cast);
	tellApps(story, cast);
	tellProviders(story, cast);
}

type Desks = Record<"owner" | "admin" | "priya" | "support", Desk>;

/** A session in which somebody on the staff works all month. */
function openDesk(story: Story, cast: Cast, name: string): Desk {
	const { person, places } = member(story, cast, name);
	const lastSeenAt = new Date(story.now.getTime() - story.random.between(0.1, 4) * MINUTE_MS);
	const session = story.signIn(person, story.daysAgo(27), places[0] as Member["places"][0], lastSeenAt);
	session.authenticatedAt = new Date(story.now.getTime() - story.random.between(2, 9) * HOUR_MS);
	story.record({ action: "session.proven", at: session.authenticatedAt, by: session, sessionId: session.id });
	return session;
}

export const member = (story: Story, cast: Cast, name: string) => cast.get(story.person(name).email) as Member;

/** A few sessions that somebody had at that moment. They are live until the caller ends them. */
export function sessionsOf(story: Story, { person, places }: Member, count: number, at: Date): Desk[] {
	return Array.from({ length: count }, () => {
		const began = new Date(
			Math.max(at.getTime() - story.random.between(0.05, 3) * DAY_MS, (person.createdAt as Date).getTime()),
		);
		const lastSeenAt = new Date(at.getTime() - story.random.between(0.2, 50) * MINUTE_MS);
		return story.signIn(person, began, story.random.pick(places), lastSeenAt > began ? lastSeenAt : began);
	});
}

/** Most browsers come back soon and are refused; some never do. */
export function receipt({ random }: Story) {
	const path = random.pick(["/dashboard", "/dashboard", "/settings/profile", "/api/session"]);
	return random.chance(0.7) ? { afterSeconds: random.next() ** 4 * 4000 + 1, path } : undefined;
}

function everyoneOut(story: Story, cast: Cast): void {
	const at = story.daysAgo(46);
	const owner = member(story, cast, "owner");
	const session = story.signIn(owner.person, story.daysAgo(58), owner.places[0] as Member["places"][0], at);
	const names = ["admin", "support", "alice", "bob", "carol", "grace", "ivan", "mei", "soojin"];
	for (const name of names) {
		for (const theirs of sessionsOf(story, member(story, cast, name), 1, at)) {
			story.end(theirs, "forced_for_all", at, owner.person, receipt(story));
		}
	}
	story.record({ action: "session.forced_out_all", at, by: session, detail: { count: names.length } });
	story.end(session, "expired", new Date(session.createdAt.getTime() + SESSION_MS), null);
}

function roles(story: Story, { owner, admin }: Desks): void {
	const changes = [
		{ by: owner, name: "priya", daysAgo: 12.2, from: "support", to: "admin" },
		{ by: owner, name: "ines", daysAgo: 9.1, from: "user", to: "support" },
		{ by: admin, name: "jakub", daysAgo: 4.4, from: "support", to: "user" },
		{ by: owner, name: "kentaro", daysAgo: 2.3, from: "user", to: "support" },
	];
	for (const { by, name, daysAgo, from, to } of changes) {
		const at = story.daysAgo(daysAgo);
		story.record({ action: "user.role_changed", at, by, target: story.person(name), detail: { from, to } });
	}
	story.record({ action: "audit.exported", at: story.daysAgo(1.4), by: owner, detail: { filter: {} } });
}

function forcedLogouts(story: Story, cast: Cast, { admin, priya, support }: Desks): void {
	const hoursAgo = (hours: number) => new Date(story.now.getTime() - hours * HOUR_MS);
	const acts = [
		{ by: support, name: "bob", count: 1, at: hoursAgo(1.9) },
		{ by: admin, name: "omar", count: 1, at: hoursAgo(5.2) },
		{ by: admin, name: "layla", count: 4, at: story.daysAgo(1.3), everywhere: true },
		{ by: priya, name: "grace", count: 1, at: story.daysAgo(2.1) },
		{ by: support, name: "alice", count: 3, at: story.daysAgo(2.9), everywhere: true },
		{ by: support, name: "soojin", count: 1, at: story.daysAgo(5.5) },
		{ by: priya, name: "omar", count: 2, at: story.daysAgo(7.2), everywhere: true },
		{ by: admin, name: "heidi", count: 1, at: story.daysAgo(10.6) },
		{ by: support, name: "bjorn", count: 1, at: story.daysAgo(12.8) },
	];
	for (const { by, name, count, at, everywhere } of acts) {
		const them = member(story, cast, name);
		const theirs = sessionsOf(story, them, count, at);
		for (const session of theirs) story.end(session, "forced", at, { id: by.userId }, receipt(story));
		const sessionIds = theirs.map(({ id }) => id);
		story.record({
			action: everywhere ? "session.forced_out_everywhere" : "session.forced_out",
			at,
			by,
			target: them.person,
			detail: everywhere ? { count } : { sessionIds, count },
		});
		if (everywhere) them.clearedAt = at;
	}
}

function closedAccounts(story: Story, cast: Cast, { owner, admin, priya }: Desks): void {
	const close = (name: string, by: Desk, count: number, reason: "suspended" | "offboarded", at: Date) => {
		for (const session of sessionsOf(story, member(story, cast, name), count, at)) {
			story.end(session, reason, at, { id: by.userId }, receipt(story));
		}
		member(story, cast, name).clearedAt = at;
	};
	for (const { name, by } of [
		{ name: "hamza", by: admin },
		{ name: "vera", by: priya },
	]) {
		const target = story.person(name);
		const at = target.suspendedAt as Date;
		close(name, by, 2, "suspended", at);
		const detail = { count: 2, ...(target.suspendedUntil && { until: target.suspendedUntil.toISOString() }) };
		const reason = target.suspensionReason ?? undefined;
		story.record({ action: "user.suspended", at, by, target, reason, detail });
	}
	const frank = story.person("frank");
	close("frank", owner, 3, "offboarded", frank.suspendedAt as Date);
	story.record({
		action: "user.offboarded",
		at: frank.suspendedAt as Date,
		by: owner,
		target: frank,
		reason: frank.suspensionReason ?? undefined,
		detail: { sessions: 3, impersonationsOpened: 0, impersonationsOf: 0 },
	});
	const at = story.daysAgo(9.4);
	const dave = story.person("dave");
	close("dave", admin, 1, "suspended", at);
	const reason = "Signs in from two countries at once";
	story.record({ action: "user.suspended", at, by: admin, target: dave, reason, detail: { count: 1 } });
	story.record({ action: "user.reactivated", at: new Date(at.getTime() + 40 * MINUTE_MS), by: admin, target: dave });
}

/** Somebody who asked to be forgotten, and is: no account, no member of the cast. */
function deletedAccount(story: Story, cast: Cast, { owner }: Desks): void {
	const at = story.daysAgo(7.6);
	const createdAt = story.daysAgo(80);
	const walter = { id: story.id(createdAt), email: "walter@example.com", name: "Walter Nilsson", createdAt };
	story.deleted.push(walter);
	const { places } = member(story, cast, "lucas");
	const theirs = sessionsOf(story, { person: walter, places, liveSessions: 0, clearedAt: at }, 2, at);
	for (const session of theirs) story.end(session, "deleted", at, { id: owner.userId }, receipt(story));
	const reason = "Asked to be forgotten";
	story.record({ action: "user.deleted", at, by: owner, target: walter, reason, detail: { count: 2 } });
	story.erase(walter);
}

function impersonations(story: Story, cast: Cast, { admin, priya }: Desks): void {
	const past = [
		{ by: admin, name: "carol", daysAgo: 0.8, minutes: 7, reason: "Ticket 4821: cannot find the invoice" },
		{ by: priya, name: "mei", daysAgo: 3.2, minutes: 18, reason: "Ticket 4790: the page stays empty" },
		{ by: admin, name: "ivan", daysAgo: 6.1, minutes: 4, reason: "Ticket 4755: wrong name on the profile" },
		{ by: priya, name: "zoe", daysAgo: 8.3, minutes: 12, reason: "Asked by phone to check her settings" },
		{ by: admin, name: "uma", daysAgo: 5.3, minutes: 60, reason: "Ticket 4761: watching an import run" },
		{ by: priya, name: "chloe", daysAgo: 11.5, minutes: 60, reason: "Ticket 4702: slow lists in the afternoon" },
	];
	for (const { by, name, daysAgo, minutes, reason } of past) {
		const at = story.daysAgo(daysAgo);
		const target = story.person(name);
		const ended = new Date(at.getTime() + minutes * MINUTE_MS);
		const session = story.impersonate(by, target, at, reason, ended);
		if (name === "ivan") story.record({ action: "profile.changed", at: ended, by: session, target });
		if (ended.getTime() - at.getTime() >= IMPERSONATION_MS) {
			story.end(session, "impersonation_expired", ended, null);
		} else {
			story.end(session, "impersonation_stopped", ended, { id: by.userId });
			story.record({ action: "impersonation.stopped", at: ended, by: session, target, sessionId: session.id });
		}
	}
	const at = story.daysAgo(10.2);
	const left = new Date(at.getTime() + 25 * MINUTE_MS);
	const [brief] = sessionsOf(story, member(story, cast, "admin"), 1, at) as [Desk];
	const gone = story.impersonate(brief, story.person("noa"), at, "Ticket 4719: right-to-left layout", left);
	story.end(brief, "signed_out", left, { id: brief.userId });
	story.end(gone, "impersonator_gone", left, { id: brief.userId }, { afterSeconds: 3, path: "/dashboard" });
	story.record({ action: "session.ended", at: left, by: brief, sessionId: brief.id });

	const minutesAgo = (minutes: number) => new Date(story.now.getTime() - minutes * MINUTE_MS);
	story.impersonate(
		admin,
		story.person("alice"),
		minutesAgo(11),
		"Ticket 4833: a chart does not load",
		minutesAgo(0.5),
	);
	story.impersonate(priya, story.person("judy"), minutesAgo(26), "Ticket 4829: cannot change her name", minutesAgo(9));
}

/** A test suite that signs in for every test and never out. */
function beyondLimit(story: Story, cast: Cast): void {
	const at = story.daysAgo(6.4);
	for (const session of sessionsOf(story, member(story, cast, "layla"), 2, at)) {
		story.end(session, "limit_reached", at, null);
	}
}

/** People who change their password, or sign out a device that they do not have at hand. */
function ownDecisions(story: Story, cast: Cast): void {
	const decisions = [
		{ name: "alice", others: 2, at: story.daysAgo(2.5), password: true },
		{ name: "rosa", others: 3, at: story.daysAgo(6.7), password: true },
		{ name: "wanjiru", others: 2, at: story.daysAgo(11.3), password: true },
		{ name: "erin", others: 3, at: story.daysAgo(1.2), password: false },
		{ name: "giulia", others: 1, at: story.daysAgo(4.9), password: false },
		{ name: "xavier", others: 4, at: story.daysAgo(8.8), password: false },
	];
	for (const { name, others, at, password } of decisions) {
		const them = member(story, cast, name);
		const reason = password ? "password_changed" : "signed_out_elsewhere";
		const [here, ...elsewhere] = sessionsOf(story, them, others + 1, at) as [Desk, ...Desk[]];
		for (const session of elsewhere) story.end(session, reason, at, them.person, receipt(story));
		const detail = { count: others };
		if (password) story.record({ action: "password.changed", at, by: here, target: them.person, detail });
		else story.record({ action: "session.ended", at, by: here, detail });
		here.lastSeenAt = new Date(at.getTime() + 20 * MINUTE_MS);
		story.end(here, "signed_out", here.lastSeenAt, them.person);
		story.record({ action: "session.ended", at: here.lastSeenAt, by: here, sessionId: here.id });
		them.clearedAt = at;
	}
}
