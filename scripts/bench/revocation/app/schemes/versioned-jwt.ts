/** A JWT that names the version of its person, who is asked for theirs on every request. One step puts out all of them. */
import { LONG_SECONDS } from "./clock";
import { read, sign } from "./jwt";
import type { Scheme } from "./scheme";
import { first } from "./tables";

export const versionedJwt: Scheme = {
	async issue(sub, at) {
		type Row = { version: number };
		const row = await first<Row>(
			"insert into schemes.versions values ($1) on conflict (user_id) do update set version = schemes.versions.version returning version",
			[sub],
		);
		return { token: await sign({ sub, version: row?.version }, at, LONG_SECONDS) };
	},
	async identify({ token }) {
		const claims = await read(token);
		if (!claims?.sub) return null;
		const row = await first<{ version: number }>("select version from schemes.versions where user_id = $1", [
			claims.sub,
		]);
		return row?.version === claims.version ? { userId: claims.sub } : null;
	},
	async revoke(userId) {
		await first("update schemes.versions set version = version + 1 where user_id = $1", [userId]);
	},
};
