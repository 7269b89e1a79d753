/** What a server does before its first request. */
import diagnostics from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";
import { processWide } from "@/db/process-wide";
import { environment } from "@/lib/environment";
import { log, logWhatIsPrinted } from "@/lib/log";
import type { RenderMail } from "@/lib/mail/mails";
import { startMailing } from "@/lib/mail/worker";
import { rememberClient } from "@/lib/request/gone";
import { stampClientAddress } from "@/lib/request/origin";
import { openRequestStore } from "@/lib/session/hand-over";
import { startSweeping } from "@/lib/session/sweep";
import { startRotating } from "@/lib/tokens/signing-keys";

/** Throws when the environment is not complete, so that a misconfigured server does not start. */
export function startServer(renderMail: RenderMail): void {
	const { TRUSTED_PROXY_HOPS } = environment();
	// In development Next's own way of printing errors is the better one.
	if (process.env.NODE_ENV === "production") logWhatIsPrinted();
	processWide("arriving-requests", () => {
		diagnostics.subscribe("http.server.request.start", (message) => {
			const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
			if (TRUSTED_PROXY_HOPS === 0 && request.headers["x-forwarded-for"]) mentionProxy();
			stampClientAddress(request, TRUSTED_PROXY_HOPS);
			rememberClient(response);
			openRequestStore();
		});
		return true;
	});
	startSweeping();
	startRotating();
	startMailing(renderMail);
}

/** A proxy that we were not told of hides everybody behind one address, and so behind one limit of attempts. */
function mentionProxy(): void {
	processWide("proxy-mentioned", () => {
		log.warn("a request says that it came through a proxy: if that is yours, set TRUSTED_PROXY_HOPS");
		return true;
	});
}
