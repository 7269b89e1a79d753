/** The same JWT, and a list of those that are good no more. The list is asked on every request, so it is a session. */
import { randomUUID } from "node:crypto";
import { LONG_SECONDS } from "./clock";
import { read, sign } from "./jwt";
import type { Scheme } from "./scheme";
import { first } from "./tables";

export const denylistJwt: Scheme = {
	async issue(sub, at) {
		const jti = randomUUID();
		await first("insert into schemes.issued_tokens values ($1, $2)", [jti, sub]);
		return { token: await sign({ sub, jti }, at, LONG_SECONDS) };
	},
	async identify({ token }) {
		const claims = await read(token);
		if (!claims?.sub) return null;
		const denied = await first("select 1 from schemes.denied_tokens where id = $1", [claims.jti]);
		return denied ? null : { userId: claims.sub };
	},
	async revoke(userId) {
		await first(
			"insert into schemes.denied_tokens select id from schemes.issued_tokens where user_id = $1 on conflict do nothing",
			[userId],
		);
	},
};
