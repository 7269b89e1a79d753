/** Asks the scheme who is there; nobody is answered 401. */
import { type NextRequest, NextResponse } from "next/server";
import { currentScheme } from "./schemes/schemes";

export const config = { matcher: "/((?!_next/static/|api/refresh).*)" };

export async function proxy(request: NextRequest): Promise<Response> {
	const sent = request.cookies.getAll().map(({ name, value }) => [name, value]);
	const identity = await currentScheme().identify(Object.fromEntries(sent));
	if (!identity) return new NextResponse(null, { status: 401 });
	const response = NextResponse.next();
	for (const [name, value] of Object.entries(identity.renewed ?? {})) {
		response.cookies.set({ name, value, httpOnly: true, secure: true, sameSite: "lax" });
	}
	return response;
}
