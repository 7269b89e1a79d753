/** Does the same with each item, so many at a time, in their order: the next begins when one is done. */
export async function forEach<Item>(
	items: readonly Item[],
	atATime: number,
	work: (item: Item) => Promise<void>,
): Promise<void> {
	const waiting = items.values();
	const lane = async () => {
		for (const item of waiting) await work(item);
	};
	await Promise.all(Array.from({ length: atATime }, lane));
}
