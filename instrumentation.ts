/** What happens once, when a server starts: check the environment, learn client addresses, sweep, send mails. */

export async function register(): Promise<void> {
	if (process.env.NEXT_RUNTIME !== "nodejs") return;
	const { startServer } = await import("@/lib/server-start");
	const { renderMail } = await import("@/app/_mail/render");
	startServer(renderMail);
}

export async function onRequestError(
	error: unknown,
	request: { path: string; method: string },
	context: { routePath: string },
): Promise<void> {
	if (process.env.NEXT_RUNTIME !== "nodejs") return;
	const { log } = await import("@/lib/log");
	const digest = (error as { digest?: string }).digest;
	// The route, not the path: a path may hold a secret, such as an invitation's.
	log.error({ error, digest, method: request.method, route: context.routePath }, "a request failed");
}
