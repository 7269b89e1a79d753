/** Where a browser whose token has run out gets the next one. */
import { type NextRequest, NextResponse } from "next/server";
import { currentScheme } from "../../../schemes/schemes";

export async function POST(request: NextRequest): Promise<Response> {
	const sent = request.cookies.getAll().map(({ name, value }) => [name, value]);
	const renewed = await currentScheme().refresh?.(Object.fromEntries(sent));
	if (!renewed) return new NextResponse(null, { status: 401 });
	const response = new NextResponse(null, { status: 204 });
	for (const [name, value] of Object.entries(renewed)) {
		response.cookies.set({ name, value, httpOnly: true, secure: true, sameSite: "lax" });
	}
	return response;
}
