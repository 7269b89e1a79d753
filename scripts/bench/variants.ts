/** The three variants that `npm run bench` compares, and what each lays over the app in scripts/bench/app. */

/** The product's own proxy and session look-up. */
export const KICKOFF = ["proxy.ts", "instrumentation.ts", "scripts/bench/kickoff"];

export const layers = {
	empty: [],
	kickoff: KICKOFF,
	jwt: ["scripts/bench/jwt"],
} satisfies Record<string, string[]>;

export type Variant = keyof typeof layers;
export const variants = Object.keys(layers) as Variant[];
