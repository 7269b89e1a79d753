/** The tables of docs/sessions.md: a line for each way to lose a session, made of what was measured. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./build";
import { waysOut } from "./ways-out";
import { waysOutOfApps } from "./ways-out-of-apps";

/** What was measured of one way. No numbers: what differs from run to run has no place in a table. */
export interface Measured {
	kind: "own" | "impersonation" | "app";
	does: string;
	/** The reason in the row. */
	reason: string;
	/** What the lost session's cookie gets afterwards on the other instance, and what was open there. */
	surfaces: Record<string, string | undefined>;
	/** What became of the sessions around it. */
	around: Record<string, string>;
	/** The sentence on the sign-in page. */
	reads: string;
}

interface Table {
	name: string;
	kinds: Measured["kind"][];
	/** The heads of the columns after the first, and what stands in each. */
	columns: Record<string, (measured: Measured) => string | undefined>;
}

const surface = (name: string) => (measured: Measured) => measured.surfaces[name];
const around = (name: string) => (measured: Measured) => measured.around[name];
const reason = (measured: Measured) => `\`${measured.reason}\``;
const reads = (measured: Measured) => measured.reads;

export const tables: Table[] = [
	{
		name: "own",
		kinds: ["own"],
		columns: {
			Reason: reason,
			"Their other sessions": around("bystander"),
			"Impersonations opened from it": around("opened"),
			"Impersonations of them": around("of"),
			"The person reads": reads,
		},
	},
	{
		name: "impersonation",
		kinds: ["impersonation"],
		columns: {
			Reason: reason,
			"The admin's own session": around("parent"),
			"The person's own sessions": around("bystander"),
			"Other impersonations of them": around("of"),
			"The admin reads": reads,
		},
	},
	{
		name: "surfaces",
		kinds: ["own", "impersonation"],
		columns: {
			Page: surface("page"),
			"RSC navigation": surface("rsc"),
			"Server action": surface("action"),
			JSON: surface("json"),
			"Open stream": surface("stream"),
			"Reconnecting to it": surface("reconnect"),
			"Open tab": surface("tab"),
		},
	},
	{
		name: "tokens",
		kinds: ["own"],
		columns: {
			"A new access token": surface("mint"),
			"One that is out, where its session is looked up": surface("strict"),
			"One that is out, where the token is believed": surface("stateless"),
		},
	},
	{
		name: "app",
		kinds: ["app"],
		columns: {
			Reason: reason,
			Refreshing: surface("refresh"),
			"An access token that is out, where its session is looked up": surface("strict"),
			"Where the token is believed": surface("stateless"),
			"Their other sessions": around("bystander"),
			"The app reads": reads,
		},
	},
];

const FOLDER = join(ROOT, ".data", "e2e", "ways-out");
const DOCUMENT = join(ROOT, "docs", "sessions.md");

/** Every way to lose what a browser has, in the order of the tables. */
export const allWays = (["own", "impersonation"] as const).flatMap((kind) =>
	Object.entries(waysOut).flatMap(([reason, ways]) => (ways[kind] ?? []).map((way) => ({ ...way, kind, reason }))),
);

/** And an app. */
export const allWaysOfApps = waysOutOfApps.map((way) => ({ ...way, kind: "app" as const }));

/** The lines about one way, by table. */
export function linesOf(measured: Measured): Record<string, string> {
	const theirs = tables.filter(({ kinds }) => kinds.includes(measured.kind));
	return Object.fromEntries(
		theirs.map(({ name, columns }) => {
			const cells = Object.values(columns).map((cell) => cell(measured) ?? "–");
			return [name, `| ${[measured.does, ...cells].join(" | ")} |`];
		}),
	);
}

/** The lines about one way as docs/sessions.md has them, with single spaces. */
export function committedLines(does: string): Record<string, string> {
	const committed = tables.map(({ name }) => [name, readTable(name).find((line) => line.startsWith(`| ${does} |`))]);
	return Object.fromEntries(committed.filter(([, line]) => line));
}

/** What stands in the first column of a committed table. */
export function committedWays(table: string): string[] {
	return readTable(table)
		.slice(2)
		.map((line) => line.split(" | ")[0]?.slice(2) ?? "");
}

/** Remembers what was measured, for {@link writeTables}. */
export function remember(measured: Measured): void {
	mkdirSync(FOLDER, { recursive: true });
	writeFileSync(fileOf(measured.does), JSON.stringify(measured, null, "\t"));
}

/** Writes what was measured last into docs/sessions.md. Throws an Error that names a way which was never measured. */
export function writeTables(): void {
	const measured = [...allWays, ...allWaysOfApps].map(
		({ does }) => JSON.parse(readFileSync(fileOf(does), "utf8")) as Measured,
	);
	let text = readFileSync(DOCUMENT, "utf8");
	for (const { name, kinds, columns } of tables) {
		const heads = ["What happens", ...Object.keys(columns)];
		const lines = [
			`| ${heads.join(" | ")} |`,
			`| ${heads.map(() => "---").join(" | ")} |`,
			...measured.filter(({ kind }) => kinds.includes(kind)).map((one) => linesOf(one)[name]),
		];
		text = text.replace(between(name), (_, begin, __, end) => `${begin}\n${lines.join("\n")}\n${end}`);
	}
	writeFileSync(DOCUMENT, text);
}

const fileOf = (does: string) => join(FOLDER, `${does.toLowerCase().replace(/[^a-z]+/g, "-")}.json`);

const between = (name: string) => new RegExp(`(<!-- measured: ${name} -->)([^]*?)(<!-- end -->)`);

function readTable(name: string): string[] {
	const [, , table = ""] = between(name).exec(readFileSync(DOCUMENT, "utf8")) ?? [];
	return table
		.trim()
		.split("\n")
		.map((line) => line.replace(/ +/g, " "));
}
