/**
 * The mail server of one run, for all instances, and the way for tests in other processes to read what it got: over HTTP,
 * because Playwright's workers come and go. How to use it: e2e/mail.ts.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startMailServer } from "@/lib/testing/mail-server";

/** Starts both; they end with the process. */
export async function startMailbox(): Promise<{ SMTP_URL: string; MAILBOX_URL: string }> {
	const server = await startMailServer();
	const acts: Record<string, () => Promise<void>> = { "/stop": server.stop, "/start": server.start };
	const mailbox = createServer(async (request, response) => {
		await acts[request.url ?? ""]?.();
		response.setHeader("Content-Type", "application/json");
		response.end(JSON.stringify(server.received));
	});
	await new Promise<void>((resolve) => mailbox.listen(0, "127.0.0.1", resolve));
	const { port } = mailbox.address() as AddressInfo;
	return { SMTP_URL: server.url, MAILBOX_URL: `http://127.0.0.1:${port}` };
}
