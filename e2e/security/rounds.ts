/** Races: the same few acts against each other, over and over, on both instances and many at a time. */
import { setTimeout as wait } from "node:timers/promises";
import { appUrl, secondAppUrl } from "../request";
import { forEach } from "./for-each";

export const ROUNDS = 300;
const AT_A_TIME = 10;

export interface Round {
	number: number;
	/** The instance for one side, and the one for the other; they change places every round. */
	here: string;
	there: string;
}

/** Plays the rounds, some at a time: each is a race of its own, between people of its own. */
export async function play(
	round: (round: Round) => Promise<void>,
	rounds = ROUNDS,
	atATime = AT_A_TIME,
): Promise<void> {
	const numbers = Array.from({ length: rounds }, (_, number) => number);
	await forEach(numbers, atATime, async (number) => {
		const [here, there] = number % 2 === 0 ? [appUrl(), secondAppUrl()] : [secondAppUrl(), appUrl()];
		await round({ number, here, there });
	});
}

/**
 * Lets one act begin at a random moment of another one: what matters of an act may be its last two milliseconds, and two
 * that begin together would never meet there.
 */
export class Meeting {
	#usualMs = 0;

	async of<Long, Short>(long: () => Promise<Long>, short: () => Promise<Short>): Promise<[Long, Short]> {
		const begun = performance.now();
		const timed = long().finally(() => {
			this.#usualMs = performance.now() - begun;
		});
		const later = wait(Math.random() * this.#usualMs).then(short);
		return Promise.all([timed, later]);
	}
}
