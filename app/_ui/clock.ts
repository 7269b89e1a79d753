"use client";

/** Time in the browser: one ticking clock for the whole page, and words for moments. */
import { useSyncExternalStore } from "react";

const TICK_MILLISECONDS = 5000;

let now = 0;
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

/** The current time in milliseconds, renewed every five seconds while somebody can see the page. */
export function useNow(): number {
	return useSyncExternalStore(listen, read, read);
}

function listen(listener: () => void) {
	if (listeners.size === 0) document.addEventListener("visibilitychange", wind);
	listeners.add(listener);
	timer ??= setInterval(tick, TICK_MILLISECONDS);
	return () => {
		listeners.delete(listener);
		if (listeners.size > 0) return;
		document.removeEventListener("visibilitychange", wind);
		stop();
	};
}

function wind() {
	if (document.hidden) return stop();
	timer ??= setInterval(tick, TICK_MILLISECONDS);
	tick();
}

function stop() {
	clearInterval(timer);
	timer = undefined;
}

function tick() {
	now = Date.now();
	for (const listener of listeners) listener();
}

/** Stands still between two ticks, as React asks, but is never older than one. */
function read() {
	if (Date.now() - now > TICK_MILLISECONDS) now = Date.now();
	return now;
}

/** "UTC" on the server and for the first rendering in the browser, so that both agree; then the person's own zone. */
export function useTimeZone(): "UTC" | undefined {
	return useSyncExternalStore(
		() => () => {},
		() => undefined,
		() => "UTC",
	);
}

const relative = new Intl.RelativeTimeFormat("en", { numeric: "always" });

const units = [
	["day", 86_400],
	["hour", 3600],
	["minute", 60],
	["second", 1],
] as const;

/** "just now", "4 minutes ago", "in 3 days". Both in milliseconds. */
export function relativeTime(at: number, from: number): string {
	const seconds = Math.round((at - from) / 1000);
	if (Math.abs(seconds) < 10) return "just now";
	const [unit, length] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
	return relative.format(Math.trunc(seconds / length), unit);
}

const formats = {
	/** 14:03:02 */
	clock: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
	/** 14:00 */
	hour: { hour: "2-digit", minute: "2-digit" },
	/** 24 Nov */
	day: { day: "numeric", month: "short" },
	/** 24 Nov 2025 */
	date: { day: "numeric", month: "short", year: "numeric" },
	/** 24 Nov 2025, 14:03 */
	datetime: { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" },
	/** 24 Nov 2025, 14:03:02 CET */
	exact: {
		day: "numeric",
		month: "short",
		year: "numeric",
		hour: "2-digit",
		minute: "2-digit",
		second: "2-digit",
		timeZoneName: "short",
	},
} satisfies Record<string, Intl.DateTimeFormatOptions>;

/** Writes a moment out. `timeZone` comes from `useTimeZone`. */
export function formatTime(at: Date, format: keyof typeof formats, timeZone: "UTC" | undefined): string {
	const key = `${format} ${timeZone}`;
	let formatter = formatters.get(key);
	if (!formatter) {
		formatter = new Intl.DateTimeFormat("en-GB", { hourCycle: "h23", timeZone, ...formats[format] });
		formatters.set(key, formatter);
	}
	return formatter.format(at);
}

/** Kept, because to make one takes a hundred times as long as to use it, and a table has a hundred times in it. */
const formatters = new Map<string, Intl.DateTimeFormat>();
