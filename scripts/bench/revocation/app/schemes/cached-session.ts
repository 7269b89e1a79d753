/**
 * A session in the database, and a signed copy of it in a second cookie that is believed for five minutes: what Better
 * Auth documents as `session.cookieCache`.
 */
import { randomUUID } from "node:crypto";
import { shortSeconds } from "./clock";
import { read, sign } from "./jwt";
import type { Scheme } from "./scheme";
import { first } from "./tables";

const copyOf = (userId: string, at: Date) => sign({ sub: userId }, at, shortSeconds());

export const cachedSession: Scheme = {
	async issue(userId, at) {
		const session = randomUUID();
		await first("insert into schemes.cached_sessions values ($1, $2)", [session, userId]);
		return { session, copy: await copyOf(userId, at) };
	},
	async identify({ session, copy }) {
		const claims = await read(copy);
		if (claims?.sub) return { userId: claims.sub };
		if (!session) return null;
		type Row = { userId: string };
		const row = await first<Row>('select user_id as "userId" from schemes.cached_sessions where id = $1', [session]);
		return row ? { userId: row.userId, renewed: { copy: await copyOf(row.userId, new Date()) } } : null;
	},
	async revoke(userId) {
		await first("delete from schemes.cached_sessions where user_id = $1", [userId]);
	},
};
