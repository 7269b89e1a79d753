/**
 * What a stranger learns of people by trying their addresses: nothing, neither from the status, nor the page, nor the
 * cookies, nor the time that it takes. (OWASP ASVS 5.0, V6.3.8.)
 */
import { expect, test } from "../fixtures";
import { createPerson, forgetAttempts, PASSWORD, suspend } from "../people";
import { actionId } from "./built";
import { sendAction } from "./send-action";

const newAddress = () => `${crypto.randomUUID()}@example.com`;
/** At least so many rounds, and more while the machine has other things to do: a leak stays, however many there are. */
const ROUNDS = { least: 12, most: 100 };
/** How much of the slowest answer's time the quickest one may take at the least: without the hash it would be a fifth. */
const ALIKE = 0.75;

/** An answer without what Next makes anew for each: the nonce, and the id of the request. */
const steady = (text: string) => text.replaceAll(/"nonce":"[^"]+"/g, '"nonce"').replaceAll(/"[\w-]{21}[mv]"/g, '"id"');

/** Each gives the address of somebody new, as attempts at one address are counted. */
const strangersTry = {
	"an active person": async () =>
		(await createPerson({ email: newAddress(), password: "not the one that is sent" })).email,
	nobody: async () => newAddress(),
	"a suspended person": async () => {
		const person = await createPerson({ email: newAddress(), password: PASSWORD });
		await suspend(person);
		return person.email;
	},
};

for (const { path, action, throttle } of [
	{ path: "/sign-in", action: "signInAction", throttle: "password-address" },
	{ path: "/sign-up", action: "signUpAction", throttle: "sign-up-address" },
	{ path: "/forgot-password", action: "forgotPasswordAction", throttle: "mail-address" },
] as const) {
	test(`${path} answers the address of an active person, of nobody and of a suspended person alike, and as fast`, async () => {
		const id = actionId(action);
		const answers = new Map<string, string[]>();
		const quickest = new Map<string, number>();
		// The quickest of the rounds: whatever else the machine does only adds to it.
		const areAlike = () => Math.min(...quickest.values()) > ALIKE * Math.max(...quickest.values());
		// The first round pays for what is made once.
		for (let round = 0; round <= ROUNDS.least || (round <= ROUNDS.most && !areAlike()); round++) {
			await forgetAttempts(throttle);
			for (const [who, addressOf] of Object.entries(strangersTry)) {
				const email = await addressOf();
				const fields = { name: "Somebody", email, password: PASSWORD, next: "/dashboard" };
				const start = performance.now();
				const { status, headers, text } = await sendAction(id, fields, { as: null, path });
				const duration = performance.now() - start;
				const [location, cookies] = [headers.get("x-action-redirect"), headers.getSetCookie()];
				const answer = JSON.stringify({ status, location, cookies, text: steady(text).replaceAll(email, "") });
				answers.set(answer, [...(answers.get(answer) ?? []), who]);
				if (round > 0) quickest.set(who, Math.min(duration, quickest.get(who) ?? Number.POSITIVE_INFINITY));
			}
		}
		expect(answers.size, `answers, given to ${[...answers.values()].join(" and ")}`).toBe(1);
		expect(areAlike(), `the quickest in milliseconds: ${JSON.stringify([...quickest])}`).toBe(true);
	});
}
