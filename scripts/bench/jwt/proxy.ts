/**
 * Variant (c): `middleware.ts` of github.com/nextjs/saas-starter, which verifies the token and signs a new one on every
 * GET. Its matcher leaves /api out; here it covers the JSON route too, as the other proxies do.
 */
import { type NextRequest, NextResponse } from "next/server";
import { signToken, verifyToken } from "./token";

const protectedRoutes = "/dashboard";
const ONE_DAY_MS = 24 * 60 * 60 * 1000;

export const config = { matcher: "/((?!_next/static/).*)" };

export async function proxy(request: NextRequest): Promise<Response> {
	const { pathname } = request.nextUrl;
	const sessionCookie = request.cookies.get("session");
	const isProtectedRoute = pathname.startsWith(protectedRoutes);

	if (isProtectedRoute && !sessionCookie) return NextResponse.redirect(new URL("/sign-in", request.url));

	const response = NextResponse.next();
	if (sessionCookie && request.method === "GET") {
		try {
			const parsed = await verifyToken(sessionCookie.value);
			const expiresInOneDay = new Date(Date.now() + ONE_DAY_MS);
			response.cookies.set({
				name: "session",
				value: await signToken({ ...parsed, expires: expiresInOneDay.toISOString() }),
				httpOnly: true,
				secure: true,
				sameSite: "lax",
				expires: expiresInOneDay,
			});
		} catch {
			response.cookies.delete("session");
			if (isProtectedRoute) return NextResponse.redirect(new URL("/sign-in", request.url));
		}
	}
	return response;
}
