/** In which order those who are compared take turns. */

/** Each round begins with another one, and every second round goes backwards: nobody always comes after the same one. */
export function orderOf<T>(all: T[], round: number): T[] {
	const first = Math.floor(round / 2) % all.length;
	const order = [...all.slice(first), ...all.slice(0, first)];
	return round % 2 === 0 ? order : order.reverse();
}
