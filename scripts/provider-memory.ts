/** What the identity provider for development and tests remembers: everything, until its process ends. */
import type { Adapter, AdapterPayload } from "oidc-provider";

/** A memory of its own for each provider; oidc-provider asks it for a drawer for each kind of thing. */
export function newMemory(): (kind: string) => Adapter {
	const kept = new Map<string, AdapterPayload>();
	return (kind) => {
		const key = (id: string) => `${kind} ${id}`;
		return {
			upsert: async (id, payload) => void kept.set(key(id), payload),
			find: async (id) => kept.get(key(id)),
			findByUid: async (uid) =>
				[...kept].find(([name, { uid: its }]) => name.startsWith(`${kind} `) && its === uid)?.[1],
			findByUserCode: async () => undefined,
			consume: async (id) => void Object.assign(kept.get(key(id)) ?? {}, { consumed: Math.floor(Date.now() / 1000) }),
			destroy: async (id) => void kept.delete(key(id)),
			async revokeByGrantId(grantId) {
				for (const [name, payload] of kept) if (payload.grantId === grantId) kept.delete(name);
			},
		};
	};
}
