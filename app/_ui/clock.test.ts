import { describe, expect, test } from "vitest";
import { formatTime, relativeTime } from "@/app/_ui/clock";

const now = Date.UTC(2026, 10, 24, 14, 3, 2);
const ago = (seconds: number) => relativeTime(now - seconds * 1000, now);

describe("relative times", () => {
	test("a moment within ten seconds is now, even if the two clocks disagree a little", () => {
		expect([ago(0), ago(9), ago(-9)]).toEqual(["just now", "just now", "just now"]);
	});

	test("a time counts in the largest unit that has passed in full", () => {
		expect(ago(42)).toBe("42 seconds ago");
		expect(ago(60)).toBe("1 minute ago");
		expect(ago(119)).toBe("1 minute ago");
		expect(ago(3 * 3600 + 3599)).toBe("3 hours ago");
		expect(ago(40 * 86_400)).toBe("40 days ago");
	});

	test("a time to come says so", () => {
		expect(ago(-2 * 86_400)).toBe("in 2 days");
	});
});

test("times are written with 24 hours, days before months, and midnight as 00", () => {
	expect(formatTime(new Date(now), "clock", "UTC")).toBe("14:03:02");
	expect(formatTime(new Date(now), "datetime", "UTC")).toBe("24 Nov 2026, 14:03");
	expect(formatTime(new Date(Date.UTC(2026, 0, 1)), "exact", "UTC")).toBe("1 Jan 2026, 00:00:00 UTC");
});
