/** What a server does before its first request. */
import diagnostics from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import { processWide } from "@/db/process-wide";
import { environment } from "@/lib/environment";
import { logWhatIsPrinted } from "@/lib/log";
import { stampClientAddress } from "@/lib/request/origin";
import { openRequestStore } from "@/lib/session/hand-over";
import { startSweeping } from "@/lib/session/sweep";
import { startRotating } from "@/lib/tokens/signing-keys";

/** Throws when the environment is not complete, so that a misconfigured server does not start. */
export function startServer(): void {
	const { TRUSTED_PROXY_HOPS } = environment();
	// In development Next's own way of printing errors is the better one.
	if (process.env.NODE_ENV === "production") logWhatIsPrinted();
	processWide("arriving-requests", () => {
		diagnostics.subscribe("http.server.request.start", (message) => {
			stampClientAddress((message as { request: IncomingMessage }).request, TRUSTED_PROXY_HOPS);
			openRequestStore();
		});
		return true;
	});
	startSweeping();
	startRotating();
}
