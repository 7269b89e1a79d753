/** Browsers that people use, and the addresses from which they use them. */
import type { Random } from "./random";

export interface DemoDevice {
	userAgent: string;
	/** Named as the app names it, see lib/request/device.ts. */
	browser: string | null;
	operatingSystem: string | null;
	/** Set for a native app. */
	appDevice?: string;
}

const MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)";
const WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)";
const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X)";
const BLINK = "AppleWebKit/537.36 (KHTML, like Gecko)";
const WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)";

const device = (browser: string | null, operatingSystem: string | null, userAgent: string): DemoDevice => ({
	userAgent,
	browser,
	operatingSystem,
});

/** The most used first: the bulk seed skews towards the start. */
export const demoDevices: readonly DemoDevice[] = [
	device("Chrome", "Windows", `${WINDOWS} ${BLINK} Chrome/159.0.0.0 Safari/537.36`),
	device("Chrome", "macOS", `${MAC} ${BLINK} Chrome/159.0.0.0 Safari/537.36`),
	device("Safari", "iOS", `${IPHONE} ${WEBKIT} Version/27.2 Mobile/15E148 Safari/604.1`),
	device("Chrome", "Android", `Mozilla/5.0 (Linux; Android 10; K) ${BLINK} Chrome/159.0.0.0 Mobile Safari/537.36`),
	device("Safari", "macOS", `${MAC} ${WEBKIT} Version/27.2 Safari/605.1.15`),
	device("Microsoft Edge", "Windows", `${WINDOWS} ${BLINK} Chrome/159.0.0.0 Safari/537.36 Edg/159.0.0.0`),
	device("Firefox", "Windows", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:159.0) Gecko/20100101 Firefox/159.0"),
	device("Chrome", "Windows", `${WINDOWS} ${BLINK} Chrome/158.0.0.0 Safari/537.36`),
	device("Firefox", "macOS", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:159.0) Gecko/20100101 Firefox/159.0"),
	device("Chrome", "iOS", `${IPHONE} ${WEBKIT} CriOS/159.0.8154.6 Mobile/15E148 Safari/604.1`),
	device(
		"Samsung Internet",
		"Android",
		`Mozilla/5.0 (Linux; Android 10; K) ${BLINK} SamsungBrowser/30.0 Chrome/147.0.0.0 Mobile Safari/537.36`,
	),
	device("Firefox", "Linux", "Mozilla/5.0 (X11; Linux x86_64; rv:159.0) Gecko/20100101 Firefox/159.0"),
	device("Chrome", "Linux", `Mozilla/5.0 (X11; Linux x86_64) ${BLINK} Chrome/159.0.0.0 Safari/537.36`),
	device("Firefox", "Android", "Mozilla/5.0 (Android 16; Mobile; rv:159.0) Gecko/159.0 Firefox/159.0"),
	device("Microsoft Edge", "macOS", `${MAC} ${BLINK} Chrome/159.0.0.0 Safari/537.36 Edg/159.0.0.0`),
	device("Opera", "Windows", `${WINDOWS} ${BLINK} Chrome/157.0.0.0 Safari/537.36 OPR/141.0.0.0`),
	device("Chrome", "Chrome OS", `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${BLINK} Chrome/159.0.0.0 Safari/537.36`),
];

/** What guesses passwords at night. */
export const scriptDevice: DemoDevice = device(null, null, "python-requests/2.33.1");

/** Only addresses that RFC 5737 and RFC 3849 set aside for examples: they belong to nobody. */
export const OFFICE_NETWORK = "203.0.113";

export function demoAddress(random: Random): string {
	if (random.chance(0.3)) return `${OFFICE_NETWORK}.${random.whole(2, 30)}`;
	if (random.chance(0.5)) return `${random.pick(["198.51.100", "192.0.2"])}.${random.whole(1, 254)}`;
	const group = () => random.whole(1, 0xffff).toString(16);
	return `2001:db8:${group()}:${group()}::${group()}`;
}
