/**
 * What a stranger learns of people by trying their addresses: nothing, neither from the status, nor the page, nor the
 * cookies, nor the time that it takes. (OWASP ASVS 5.0, V6.3.8.)
 */
import { instead, recordForm, replay } from "../actions";
import { expect, test } from "../fixtures";
import { createPerson, forgetAttempts, PASSWORD, suspend } from "../people";

const PLACEHOLDER = "somebody-to-replace@example.com";
/** As long as the placeholder: what is sent says how long it is. */
const newAddress = () => `${crypto.randomUUID().slice(0, PLACEHOLDER.indexOf("@"))}@example.com`;
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

for (const { path, button, throttle } of [
	{ path: "/sign-in", button: "Sign in", throttle: "password-address" },
	{ path: "/sign-up", button: "Create account", throttle: "sign-up-address" },
	{ path: "/forgot-password", button: "Send link", throttle: "mail-address" },
] as const) {
	test(`${path} answers the address of an active person, of nobody and of a suspended person alike, and as fast`, async ({
		browserFor,
	}) => {
		const form = await recordForm(await browserFor(null), path, button, PLACEHOLDER);
		const answers = new Map<string, string[]>();
		const quickest = new Map<string, number>();
		// The quickest of the rounds: whatever else the machine does only adds to it.
		const areAlike = () => Math.min(...quickest.values()) > ALIKE * Math.max(...quickest.values());
		// The first round pays for what is made once.
		for (let round = 0; round <= ROUNDS.least || (round <= ROUNDS.most && !areAlike()); round++) {
			await forgetAttempts(throttle);
			for (const [who, addressOf] of Object.entries(strangersTry)) {
				const email = await addressOf();
				const sent = instead(form, PLACEHOLDER, email);
				const start = performance.now();
				const { status, text, cookies } = await replay(sent, { as: null });
				const duration = performance.now() - start;
				const answer = JSON.stringify({ status, text: steady(text).replaceAll(email, PLACEHOLDER), cookies });
				answers.set(answer, [...(answers.get(answer) ?? []), who]);
				if (round > 0) quickest.set(who, Math.min(duration, quickest.get(who) ?? Number.POSITIVE_INFINITY));
			}
		}
		expect(answers.size, `answers, given to ${[...answers.values()].join(" and ")}`).toBe(1);
		expect(areAlike(), `the quickest in milliseconds: ${JSON.stringify([...quickest])}`).toBe(true);
	});
}
