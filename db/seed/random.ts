/** Chance that falls the same way on every run, so that a demo, a test and a bug report show the same people. */
export class Random {
	#state: number;

	constructor(seed: number) {
		this.#state = seed;
	}

	/** From 0 up to, not including, 1. The generator is mulberry32. */
	next(): number {
		this.#state = (this.#state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	}

	between(low: number, high: number): number {
		return low + this.next() * (high - low);
	}

	/** A whole number, both ends included. */
	whole(low: number, high: number): number {
		return Math.floor(this.between(low, high + 1));
	}

	chance(probability: number): boolean {
		return this.next() < probability;
	}

	pick<T>(list: readonly T[]): T {
		return list[Math.floor(this.next() * list.length)] as T;
	}

	/** One of the pairs, each as often as the weight in it says. */
	weighted<T>(pairs: readonly (readonly [T, number])[]): readonly [T, number] {
		let left = this.next() * pairs.reduce((sum, [, weight]) => sum + weight, 0);
		for (const pair of pairs) {
			left -= pair[1];
			if (left < 0) return pair;
		}
		return pairs.at(-1) as readonly [T, number];
	}

	bytes(length: number): Uint8Array {
		return Uint8Array.from({ length }, () => this.whole(0, 255));
	}
}
