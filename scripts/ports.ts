/** Finds the port to listen on. */
import { createServer } from "node:net";
import { CannotStart } from "@/db/cannot-start";

const DEFAULT_PORT = 3000;
const PORTS_TO_TRY = 100;

/** PORT when it is set, else 3000 or the next one that is free, so that two checkouts run side by side. */
export async function choosePort(wanted: string | undefined): Promise<number> {
	if (wanted) {
		const port = Number(wanted);
		if (!Number.isInteger(port) || port < 1 || port > 65_535) {
			throw new CannotStart(`PORT: "${wanted}" is not a port: set it to a number from 1 to 65535, or leave it out.`);
		}
		if (!(await isFree(port))) {
			throw new CannotStart(`PORT: ${port} is in use: stop what listens there, set another one, or leave it out.`);
		}
		return port;
	}
	for (let port = DEFAULT_PORT; port < DEFAULT_PORT + PORTS_TO_TRY; port++) if (await isFree(port)) return port;
	throw new CannotStart(`Ports ${DEFAULT_PORT} to ${DEFAULT_PORT + PORTS_TO_TRY - 1} are all in use: set PORT.`);
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
