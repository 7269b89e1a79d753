/** Finds the port to listen on. */
import { createServer } from "node:net";
import { CannotStart } from "@/db/cannot-start";

const DEFAULT_PORT = 3000;
const PORTS_TO_TRY = 100;

/**
 * PORT when it is set, else 3000. When 3000 is in use it is the next one that is free, so that two checkouts run side by
 * side, but not when APP_URL promises people a certain address. Throws CannotStart.
 */
export async function choosePort({ PORT, APP_URL }: NodeJS.ProcessEnv): Promise<number> {
	const port = Number(PORT || DEFAULT_PORT);
	if (!Number.isInteger(port) || port < 1 || port > 65_535) {
		throw new CannotStart(`PORT: "${PORT}" is not a port: set it to a number from 1 to 65535, or leave it out.`);
	}
	if (await isFree(port)) return port;
	if (PORT)
		throw new CannotStart(`PORT: ${port} is in use: stop what listens there, set another one, or leave it out.`);
	if (APP_URL) throw new CannotStart(`Port ${port} is in use: stop what listens there, or set PORT (and APP_URL).`);
	for (let next = port + 1; next < port + PORTS_TO_TRY; next++) if (await isFree(next)) return next;
	throw new CannotStart(`Ports ${port} to ${port + PORTS_TO_TRY - 1} are all in use: set PORT.`);
}

/** On every address, as Next listens, and on localhost, where another program may listen alone. */
async function isFree(port: number): Promise<boolean> {
	return (await canListen(port)) && (await canListen(port, "127.0.0.1"));
}

function canListen(port: number, host?: string): Promise<boolean> {
	return new Promise((resolve) => {
		const probe = createServer();
		probe.once("error", () => resolve(false));
		probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
	});
}
