/** Which hosts are ours. A request for any other came by a name that somebody else controls (DNS rebinding). */
import { environment } from "@/lib/environment";

/** Whether a Host header names one of the configured origins. */
export function isKnownHost(host: string | null): boolean {
	const { APP_URL, ALLOWED_ORIGINS } = environment();
	return [APP_URL, ...ALLOWED_ORIGINS].some((origin) => new URL(origin).host === host);
}
