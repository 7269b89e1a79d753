/** A JWT that is good for five minutes, and a refresh token in the database that gets the next one. */
import { randomUUID } from "node:crypto";
import { shortSeconds } from "./clock";
import { read, sign } from "./jwt";
import type { Scheme } from "./scheme";
import { first } from "./tables";

export const refreshedJwt: Scheme = {
	async issue(sub, at) {
		const refresh = randomUUID();
		await first("insert into schemes.refresh_tokens values ($1, $2)", [refresh, sub]);
		return { refresh, token: await sign({ sub }, at, shortSeconds()) };
	},
	async identify({ token }) {
		const claims = await read(token);
		return claims?.sub ? { userId: claims.sub } : null;
	},
	async refresh({ refresh }) {
		type Row = { sub: string };
		const row = await first<Row>("select user_id as sub from schemes.refresh_tokens where id = $1", [refresh]);
		return row ? { token: await sign({ sub: row.sub }, new Date(), shortSeconds()) } : null;
	},
	async revoke(userId) {
		await first("delete from schemes.refresh_tokens where user_id = $1", [userId]);
	},
};
