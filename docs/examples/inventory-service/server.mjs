/** A service that has never heard of our database: it answers whoever brings a token with the scope `inventory:read`. */
import { createServer } from "node:http";
import { MissingScope, tokenVerifier } from "./verify.mjs";

const { ISSUER, AUDIENCE, PORT = "4000" } = process.env;
const verify = tokenVerifier({ issuer: ISSUER, audience: AUDIENCE });

const server = createServer(async (request, response) => {
	const answer = (status, body) => {
		const headers = { "Content-Type": "application/json", "Cache-Control": "no-store" };
		if (status === 401) headers["WWW-Authenticate"] = 'Bearer error="invalid_token"';
		response.writeHead(status, headers).end(JSON.stringify(body));
	};
	const [, token = ""] = /^Bearer (.+)$/.exec(request.headers.authorization ?? "") ?? [];
	try {
		const { sub, act, client_id } = await verify(token, "inventory:read");
		answer(200, { items: ["anvil", "bellows"], for: sub, by: act?.sub ?? client_id });
	} catch (error) {
		if (error instanceof MissingScope) return answer(403, { error: "insufficient_scope" });
		if (error.code?.startsWith("ERR_J")) return answer(401, { error: "invalid_token" });
		answer(503, { error: "the issuer's keys cannot be had" });
	}
});
server.listen(Number(PORT), "127.0.0.1", () => console.log(`ready ${server.address().port}`));
