/** From our sign-in page to the place where one signs out at the provider. It changes nothing here. */
import { leavingAddress } from "@/lib/identities/leave";
import { problemFor } from "@/lib/request/problem";

export async function GET(_request: Request, { params }: RouteContext<"/sign-in/leave/[provider]">): Promise<Response> {
	try {
		const location = await leavingAddress((await params).provider);
		return new Response(null, { status: 303, headers: { Location: location, "Cache-Control": "private, no-store" } });
	} catch (error) {
		return problemFor(error);
	}
}
