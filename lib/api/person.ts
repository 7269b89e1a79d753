/** The person that a path names. */
import { findUser, type UserDetail } from "@/lib/admin/user";
import { Refusal } from "@/lib/errors";

/** Throws a Refusal "not-found" when nobody has the id. */
export async function personWithId(id: string): Promise<UserDetail> {
	const person = await findUser(id);
	if (!person) throw new Refusal("not-found", "There is no such person.");
	return person;
}
