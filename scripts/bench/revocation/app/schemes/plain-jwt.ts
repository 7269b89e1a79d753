/** A JWT that is good for a day. Nobody is asked whether it still is. */
import { LONG_SECONDS } from "./clock";
import { read, sign } from "./jwt";
import type { Scheme } from "./scheme";

export const plainJwt: Scheme = {
	async issue(sub, at) {
		return { token: await sign({ sub }, at, LONG_SECONDS) };
	},
	async identify({ token }) {
		const claims = await read(token);
		return claims?.sub ? { userId: claims.sub } : null;
	},
	/** There is nothing to be done: the token is out there. */
	async revoke() {},
};
