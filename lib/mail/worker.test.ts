import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { connections, db } from "@/db/client";
import { startedQueue } from "@/db/queue";
import { askForPasswordReset } from "@/lib/accounts/reset-password";
import { type MailServer, startMailServer } from "@/lib/testing/mail-server";
import { createUser } from "@/lib/testing/people";
import type { Mail, RenderMail } from "./mails";
import { sendMail } from "./send";
import { deliver, startMailing } from "./worker";

let server: MailServer;
beforeAll(async () => {
	server = await startMailServer();
	process.env.SMTP_URL = server.url;
	process.env.MAIL_FROM = "Kickoff <hello@kickoff.example>";
});
afterEach(() => {
	server.refusals = {};
});
afterAll(async () => {
	await (await startedQueue()).stop({ graceful: false });
	await server.stop();
});

const render: RenderMail = async ({ kind }) => ({ subject: kind, html: `<p>${kind}</p>`, text: kind });

async function waiting(): Promise<{ data: Mail; id: string; state: string; start_after: Date }[]> {
	const { rows } = await connections.query("select id, data, state, start_after from pgboss.job order by created_on");
	return rows;
}

test("a mail is sent by SMTP, to its person and from the configured sender", async () => {
	const alice = await createUser({ name: "Zoë 山田" });
	await deliver({ kind: "password-changed", to: alice }, "0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b", render);
	expect(server.received).toMatchObject([
		{
			to: [alice.email],
			from: '"Kickoff" <hello@kickoff.example>',
			subject: "password-changed",
			text: expect.stringContaining("password-changed"),
			messageId: "<0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b@localhost>",
		},
	]);
});

test("an act that rolls back sends no mail, and one that commits sends one", async () => {
	const alice = await createUser();
	const failing = db.transaction(async (tx) => {
		await sendMail(tx, { kind: "password-changed", to: alice });
		throw new Error("the act failed");
	});
	await expect(failing).rejects.toThrow("the act failed");
	expect(await waiting()).toEqual([]);
	await db.transaction((tx) => sendMail(tx, { kind: "password-changed", to: alice }));
	expect(await waiting()).toMatchObject([{ data: { kind: "password-changed", to: { email: alice.email } } }]);
});

test("a mail whose link was called off is not sent", async () => {
	const alice = await createUser();
	const before = server.received.length;
	await deliver({ kind: "verify-email", to: alice, linkId: crypto.randomUUID() }, crypto.randomUUID(), render);
	expect(server.received).toHaveLength(before);
});

test("ten workers at once take each mail once", async () => {
	const alice = await createUser();
	const queue = await startedQueue();
	await queue.deleteAllJobs("mail");
	for (let mail = 0; mail < 20; mail++) {
		await db.transaction((tx) => sendMail(tx, { kind: "password-changed", to: alice }));
	}
	const taken = await Promise.all(Array.from({ length: 10 }, () => queue.fetch<Mail>("mail", { batchSize: 5 })));
	const ids = taken.flat().map(({ id }) => id);
	expect(ids).toHaveLength(20);
	expect(new Set(ids).size).toBe(20);
	await queue.complete("mail", ids);
});

test("while the mail server is away a mail waits, and is tried again later and later, for a week", async () => {
	const alice = await createUser();
	const queue = await startedQueue();
	await db.transaction((tx) => sendMail(tx, { kind: "password-changed", to: alice }));
	await server.stop();
	const [job] = await queue.fetch<Mail>("mail");
	await expect(deliver(job?.data as Mail, job?.id as string, render)).rejects.toThrow();
	await queue.fail("mail", job?.id as string);
	const [again] = (await waiting()).filter(({ id }) => id === job?.id);
	expect(again?.state).toBe("retry");
	expect(await queue.getQueue("mail")).toMatchObject({
		retryBackoff: true,
		retryDelayMax: 120,
		retryLimit: 5_000,
		retentionSeconds: 604_800,
	});

	await server.start();
	await deliver(job?.data as Mail, job?.id as string, render);
	expect(server.received.at(-1)?.to).toEqual([alice.email]);
});

test.each([
	["refuses our sender", { sender: "Sender unknown" }],
	["refuses our sender when it hears for whom", { recipient: "5.1.8 Sender address rejected: Domain not found" }],
	["wants us to sign in first", { recipient: "5.7.1 Relay access denied" }],
])("a mail is tried again when the mail server %s, and leaves when that is put right", async (_why, refusals) => {
	const alice = await createUser();
	server.refusals = refusals;
	const deliverIt = () => deliver({ kind: "password-changed", to: alice }, crypto.randomUUID(), render);
	await expect(deliverIt()).rejects.toMatchObject({ code: "EENVELOPE", responseCode: 550 });
	server.refusals = {};
	await deliverIt();
	expect(server.received.at(-1)?.to).toEqual([alice.email]);
});

test.each(["5.1.1 No such user", "No such user"])(
	"a mail to an address that is refused with “%s” is given up",
	async (why) => {
		const [alice, before] = [await createUser(), server.received.length];
		server.refusals = { recipient: why };
		await deliver({ kind: "password-changed", to: alice }, crypto.randomUUID(), render);
		expect(server.received).toHaveLength(before);
	},
);

describe("a running worker", () => {
	const soon = { timeout: 30_000, interval: 100 };

	test("sends thirty mails at once without waiting for the clock, each once, and answers what was asked by mail", async () => {
		const alice = await createUser();
		await (await startedQueue()).deleteAllJobs("mail");
		startMailing(render);
		const before = server.received.length;
		await db.transaction(async (tx) => {
			for (let mail = 0; mail < 30; mail++) await sendMail(tx, { kind: "password-changed", to: alice });
		});
		for (let person = 0; person < 5; person++) {
			await askForPasswordReset({ email: (await createUser()).email }, { ip: "192.0.2.77", userAgent: null });
		}
		await vi.waitFor(() => expect(server.received).toHaveLength(before + 35), soon);
		const ids = server.received.slice(before).map(({ messageId }) => messageId);
		expect(new Set(ids).size).toBe(35);
	});

	test("sends what waited as soon as the mail server is back", async () => {
		const alice = await createUser();
		await server.stop();
		await db.transaction((tx) => sendMail(tx, { kind: "password-changed", to: alice }));
		await vi.waitFor(async () => {
			const tried = (await waiting()).filter(({ data, state }) => data.to?.email === alice.email && state === "retry");
			expect(tried).toHaveLength(1);
		}, soon);
		await server.start();
		await vi.waitFor(() => expect(server.received.at(-1)?.to).toEqual([alice.email]), soon);
	});
});
