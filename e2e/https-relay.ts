/** HTTPS in front of an instance, as a proxy gives it in production, with a certificate that nobody signed. */
import { request } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { generate } from "selfsigned";

export interface HttpsRelay {
	url: string;
	stop(): Promise<void>;
}

/** Starts it on a free port. Everything is passed on as it came, the name of the host included. */
export async function startHttpsRelay(toPort: number): Promise<HttpsRelay> {
	const { private: key, cert } = await generate([{ name: "commonName", value: "localhost" }]);
	const server = createServer({ key, cert }, (incoming, answer) => {
		const { method, url, headers } = incoming;
		const passedOn = request({ host: "localhost", port: toPort, method, path: url, headers }, (response) => {
			answer.writeHead(response.statusCode ?? 502, response.headers);
			response.pipe(answer);
		});
		passedOn.on("error", () => answer.destroy());
		answer.on("close", () => passedOn.destroy());
		incoming.pipe(passedOn);
	});
	await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
	return {
		url: `https://localhost:${(server.address() as AddressInfo).port}`,
		stop: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}
