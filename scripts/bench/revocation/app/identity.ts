/** The page and the JSON route ask the scheme again, as each of these schemes has it: the proxy alone is no lock. */
import { cookies } from "next/headers";
import { currentScheme } from "./schemes/schemes";

export async function currentUserId(): Promise<string> {
	const sent = (await cookies()).getAll().map(({ name, value }) => [name, value]);
	const identity = await currentScheme().identify(Object.fromEntries(sent));
	if (!identity) throw new Error("signed out");
	return identity.userId;
}
