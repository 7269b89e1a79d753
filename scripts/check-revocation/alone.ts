/**
 * One run at a time in a checkout: it restarts and crashes the PostgreSQL in its folder, whoever else is connected. What is
 * held is a socket that listens, because the system takes that back from whoever was killed.
 */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CannotStart } from "@/db/cannot-start";

/** Gives what lets the next one in. Throws CannotStart while somebody is in the folder. */
export async function enterAlone(folder: string): Promise<() => Promise<void>> {
	const address = addressOf(folder);
	const server = (await listenAt(address)) ?? (await listenInPlaceOfTheDead(address));
	if (!server) {
		throw new CannotStart(
			"Another check:revocation is running in this checkout. Wait for its end, or use another clone.",
		);
	}
	return async () => {
		server.close();
		await once(server, "close");
	};
}

/** Short: the system allows such addresses about a hundred characters. */
function addressOf(folder: string): string {
	const name = `kickoff-check-${createHash("sha256").update(folder).digest("hex").slice(0, 16)}`;
	return process.platform === "win32" ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

/** Undefined when the address is taken. */
async function listenAt(address: string): Promise<Server | undefined> {
	const server = createServer((socket) => socket.destroy()).unref();
	try {
		await once(server.listen(address), "listening");
		return server;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return undefined;
		throw error;
	}
}

/** The file of a process that was killed stays; nobody accepts connections there. */
async function listenInPlaceOfTheDead(address: string): Promise<Server | undefined> {
	const socket = connect(address);
	const error = await once(socket, "connect").catch((error: NodeJS.ErrnoException) => error);
	socket.destroy();
	if (!("code" in error) || error.code !== "ECONNREFUSED") return undefined;
	rmSync(address, { force: true });
	return listenAt(address);
}
