/** The event stream of an open tab: it closes with the session. */
import { endpoint } from "@/lib/api/endpoint";
import { sessionEvents } from "@/lib/session/event-stream";

export const GET = endpoint(
	{
		name: "watchSession",
		summary: "Watch the session",
		description:
			"Server-sent events: `session` (who it is: at the beginning, and again whenever that changed; its data is what " +
			"`GET /api/session` answers, without times), `ended` (then the stream closes) and, for those who may see the " +
			"console, `console` (something moved there). `alive` now and then says nothing else.",
		permission: "product.use",
		unattended: true,
		media: "text/event-stream",
	},
	async ({ session, request }) =>
		new Response(await sessionEvents(session, request.signal), {
			headers: {
				"Content-Type": "text/event-stream",
				// `no-transform` keeps compression away, which would hold events back.
				"Cache-Control": "private, no-store, no-transform",
				"X-Accel-Buffering": "no",
			},
		}),
);
