/** Whether the client is still there. Work that takes long need not be done when nobody waits for its result any more. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { ServerResponse } from "node:http";
import { processWide } from "@/db/process-wide";

const clients = () => processWide("clients", () => new AsyncLocalStorage<AbortSignal>());

/** Call it when a request arrives: everything that is done for it may then ask {@link clientGone}. */
export function rememberClient(response: ServerResponse): void {
	const gone = new AbortController();
	response.once("close", () => {
		if (!response.writableFinished) gone.abort();
	});
	clients().enterWith(gone.signal);
}

/** Aborts when the client of the current request hangs up; undefined where there is no request. */
export function clientGone(): AbortSignal | undefined {
	return clients().getStore();
}
