/**
 * Variant (c): `getUser` of github.com/nextjs/saas-starter (lib/db/queries.ts) up to where it reads the person's row
 * from the database. That query is left out, in favour of the JWT.
 */
import { cookies } from "next/headers";
import { verifyToken } from "./token";

export async function currentUserId(): Promise<string> {
	const cookie = (await cookies()).get("session");
	if (!cookie?.value) throw new Error("signed out");
	const data = await verifyToken(cookie.value);
	if (!data?.user?.id || new Date(data.expires) < new Date()) throw new Error("signed out");
	return data.user.id;
}
