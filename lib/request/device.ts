/** Names the browser and the operating system behind a User-Agent header, for lists that people read and filter. */
import Bowser from "bowser";

export interface Device {
	/** "Chrome", "Safari", "Firefox", …; null when unknown. */
	browser: string | null;
	/** "macOS", "Windows", "iOS", "Android", "Linux", …; null when unknown. */
	operatingSystem: string | null;
}

/** The system stands beside the browser, so "Samsung Internet for Android" is called "Samsung Internet". */
export function describeDevice(userAgent: string | null): Device {
	if (!userAgent) return { browser: null, operatingSystem: null };
	const { browser, os } = Bowser.parse(userAgent);
	return { browser: browser.name?.replace(/ for .+/, "") || null, operatingSystem: os.name || null };
}
