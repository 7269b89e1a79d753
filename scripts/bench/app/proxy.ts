/** Variant (a): a proxy that does nothing. */
import { NextResponse } from "next/server";

export const config = { matcher: "/((?!_next/static/).*)" };

export function proxy(): Response {
	return NextResponse.next();
}
