/** The event stream of an open tab: it closes with the session. */
import { problemFor } from "@/lib/request/problem";
import { requirePermission } from "@/lib/session/current";
import { sessionEvents } from "@/lib/session/event-stream";

export async function GET(request: Request): Promise<Response> {
	try {
		const session = await requirePermission("product.use");
		return new Response(sessionEvents(session, request.signal), {
			headers: {
				"Content-Type": "text/event-stream",
				// `no-transform` keeps compression away, which would hold events back.
				"Cache-Control": "private, no-store, no-transform",
				"X-Accel-Buffering": "no",
			},
		});
	} catch (error) {
		return problemFor(error);
	}
}
