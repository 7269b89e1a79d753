import { expect, test } from "vitest";
import { describeDevice } from "./device";

const GALAXY =
	"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/30.0 Chrome/147.0.0.0 Mobile Safari/537.36";

test("a browser is named without the system that stands beside it", () => {
	expect(describeDevice(GALAXY)).toEqual({ browser: "Samsung Internet", operatingSystem: "Android" });
});

test("what cannot be told is null", () => {
	for (const userAgent of [null, "", "\u0000", "x".repeat(10_000)]) {
		expect(describeDevice(userAgent)).toEqual({ browser: null, operatingSystem: null });
	}
});
