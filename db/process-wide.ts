/**
 * One instance per process. Next bundles the proxy and the pages apart, so each has its own copy of every module, and a
 * development reload makes more; whatever must be single (a pool, a map, a listener) is kept on `globalThis`.
 */
export function processWide<T>(name: string, create: () => T): T {
	const store = globalThis as unknown as Record<symbol, T | undefined>;
	const key = Symbol.for(`kickoff.${name}`);
	const instance = store[key] ?? create();
	store[key] = instance;
	return instance;
}
