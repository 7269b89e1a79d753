/** What the filters of all lists share: the fields that they are made of, and how a page reads them from its address. */
import { isIP } from "node:net";
import { z } from "zod";
import { Refusal } from "@/lib/errors";
import { parse } from "@/lib/parse";

const SEARCH_LIMIT_CHARACTERS = 100;

/** Text to look for: part of a name or an e-mail address. */
export const searchField = z
	.string({ error: "Enter one text." })
	.trim()
	.max(SEARCH_LIMIT_CHARACTERS, { error: `Use at most ${SEARCH_LIMIT_CHARACTERS} characters.` })
	.regex(/^\P{Cc}*$/u, { error: "Use letters, digits and punctuation only." });

/** An IPv4 or IPv6 address, or a network in CIDR notation. */
export const networkField = z
	.string({ error: "Enter one address." })
	.trim()
	.refine(isNetwork, { error: "Enter an IP address, like 203.0.113.7, or a network, like 203.0.113.0/24." })
	.describe("An IP address, or a network in CIDR notation.");

const FIRST_YEAR = "1970";
/** PostgreSQL does not read what JavaScript writes of the year 10000; and a day ends in the next one, a zone moves it. */
const LAST_YEAR = "9998";

/** A day in UTC, written 2026-01-31. */
export const dayField = z.iso
	.date({ error: "Enter a day, like 2026-01-31." })
	.refine((day) => isWithinYears(day), { error: `Enter a day between ${FIRST_YEAR} and ${LAST_YEAR}.` });

const isWithinYears = (time: string) => time >= FIRST_YEAR && time.slice(0, 4) <= LAST_YEAR;

/** The first moment of the day, and the first after it. */
export function boundsOfDay(day: string): { start: Date; end: Date } {
	const start = new Date(`${day}T00:00:00Z`);
	return { start, end: new Date(start.getTime() + MILLISECONDS_PER_DAY) };
}

const MILLISECONDS_PER_DAY = 86_400_000;

const AGE = /^([1-9]\d{0,4})([mhd])$/;
const MILLISECONDS_PER_UNIT: Record<string, number> = { m: 60_000, h: 3_600_000, d: MILLISECONDS_PER_DAY };

/** A moment in the past: how long ago (90m, 36h, 7d), or the time itself with its zone. */
export const pastField = z
	.string({ error: "Enter one moment." })
	.trim()
	.refine(
		(text) => AGE.test(text) || (z.iso.datetime({ offset: true }).safeParse(text).success && isWithinYears(text)),
		{
			error: "Enter an age, like 90m, 36h or 7d, or a time, like 2026-01-31T09:30:00Z.",
		},
	);

/** The moment that a `pastField` stands for, now. */
export function momentOf(past: string): Date {
	const [, amount, unit = ""] = AGE.exec(past) ?? [];
	return amount ? new Date(Date.now() - Number(amount) * (MILLISECONDS_PER_UNIT[unit] ?? 0)) : new Date(past);
}

/** A LIKE pattern that finds the text anywhere. The pattern's own signs in it lose their meaning. */
export function containing(text: string): string {
	return `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}

/** The smallest UUID of version 7 that can be made at a moment: it turns a time into a bound on a primary key. */
export function firstIdAt(moment: Date): string {
	const hex = Math.max(0, moment.getTime()).toString(16).padStart(12, "0");
	return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/** What Next hands a page as its query. */
export type Query = Record<string, string | string[] | undefined>;

export interface ReadFilter<Filter> {
	filter: Filter;
	/** What is wrong with the address, or null. The filter is empty then. */
	refusal: Refusal | null;
}

/** Reads a page's filter from its query. Fields left empty count as absent. A bad query is no error page: it is said. */
export function readFilter<Filter>(schema: z.ZodType<Filter>, query: Query): ReadFilter<Filter> {
	const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined && value !== ""));
	try {
		return { filter: parse(schema, given), refusal: null };
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		return { filter: parse(schema, {}), refusal: error };
	}
}

function isNetwork(text: string): boolean {
	const [address = "", bits, ...rest] = text.split("/");
	// Node takes a zone ("fe80::1%eth0") for part of an address; PostgreSQL does not.
	const version = address.includes("%") ? 0 : isIP(address);
	if (version === 0 || rest.length > 0) return false;
	return bits === undefined || (/^(0|[1-9]\d{0,2})$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}
