/** A real mail server for tests: takes every mail by SMTP, and can be stopped and started on the same port. */
import type { AddressInfo } from "node:net";
import { type AddressObject, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

export interface ReceivedMail {
	/** The addresses in the envelope: where it really went. */
	to: string[];
	from: string;
	subject: string;
	text: string;
	html: string;
	messageId: string;
}

export interface MailServer {
	/** For SMTP_URL. */
	url: string;
	/** In the order in which they came. */
	received: ReceivedMail[];
	/** What it says, beginning with 550, to every MAIL FROM or RCPT TO (RFC 5321, section 4.1.1) while there is something. */
	refusals: { sender?: string; recipient?: string };
	/** Nobody answers on the port any more. */
	stop(): Promise<void>;
	start(): Promise<void>;
}

/** Starts one on a port of its own. */
export async function startMailServer(): Promise<MailServer> {
	let running = true;
	const mail: MailServer = {
		url: "",
		received: [],
		refusals: {},
		stop: async () => {
			if (running) await new Promise<void>((resolve) => server.close(resolve));
			running = false;
		},
		start: async () => {
			if (!running) server = await listen(port, mail);
			running = true;
		},
	};
	let server = await listen(0, mail);
	const { port } = server.server.address() as AddressInfo;
	mail.url = `smtp://127.0.0.1:${port}`;
	return mail;
}

function listen(port: number, mail: MailServer): Promise<SMTPServer> {
	const answer = (refusal: string | undefined) => (refusal ? new Error(refusal) : null);
	const server = new SMTPServer({
		authOptional: true,
		disabledCommands: ["STARTTLS", "AUTH"],
		closeTimeout: 100,
		onMailFrom: (_address, _session, done) => done(answer(mail.refusals.sender)),
		onRcptTo: (_address, _session, done) => done(answer(mail.refusals.recipient)),
		onData: async (stream, session, done) => {
			const { from, subject, text, html, messageId } = await simpleParser(stream);
			mail.received.push({
				to: session.envelope.rcptTo.map(({ address }) => address),
				from: (from as AddressObject | undefined)?.text ?? "",
				subject: subject ?? "",
				text: text ?? "",
				html: html || "",
				messageId: messageId ?? "",
			});
			done();
		},
	});
	server.on("error", () => {});
	return new Promise((resolve, reject) => {
		server.server.once("error", reject);
		server.listen(port, "127.0.0.1", () => resolve(server));
	});
}
