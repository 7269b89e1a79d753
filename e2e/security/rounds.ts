/** Races: the same few acts against each other, over and over, on both instances and many at a time. */
import { setTimeout as wait } from "node:timers/promises";
import { appUrl, secondAppUrl } from "../request";
import { forEach } from "./for-each";

export const ROUNDS = 300;
const AT_A_TIME = 10;

export interface Round {
	number: number;
	/** The instance for one side, and the one for the other. */
	here: string;
	there: string;
}

interface Plan {
	rounds?: number;
	atATime?: number;
	/** After how many rounds the instances change places: as many as there are kinds, if the rounds take turns at them. */
	swapAfter?: number;
}

/** Plays the rounds, some at a time: each is a race of its own, between people of its own. */
export async function play(
	round: (round: Round) => Promise<void>,
	{ rounds = ROUNDS, atATime = AT_A_TIME, swapAfter = 1 }: Plan = {},
): Promise<void> {
	const numbers = Array.from({ length: rounds }, (_, number) => number);
	await forEach(numbers, atATime, async (number) => {
		const isSwapped = Math.floor(number / swapAfter) % 2 === 1;
		const [here, there] = isSwapped ? [secondAppUrl(), appUrl()] : [appUrl(), secondAppUrl()];
		await round({ number, here, there });
	});
}

/**
 * Lets two acts overlap by any stretch, whichever is first: what matters of an act may be its last two milliseconds, and
 * two that begin together would never meet there.
 */
export class Meeting {
	#usualMs: [number, number] = [0, 0];

	async of<One, Other>(one: () => Promise<One>, other: () => Promise<Other>): Promise<[One, Other]> {
		const [oneMs, otherMs] = this.#usualMs;
		const lead = Math.random() * (oneMs + otherMs) - otherMs;
		return Promise.all([this.#timed(0, -lead, one), this.#timed(1, lead, other)]);
	}

	async #timed<Result>(which: 0 | 1, afterMs: number, act: () => Promise<Result>): Promise<Result> {
		if (afterMs > 0) await wait(afterMs);
		const begun = performance.now();
		const result = await act();
		this.#usualMs[which] = performance.now() - begun;
		return result;
	}
}
