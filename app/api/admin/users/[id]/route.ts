import { z } from "zod";
import { changeRole, roleSchema } from "@/lib/admin/roles";
import { reactivate, suspend, suspensionSchema } from "@/lib/admin/suspension";
import { userDetailAnswer } from "@/lib/api/answers";
import { endpoint } from "@/lib/api/endpoint";
import { idParams } from "@/lib/api/input";
import { personWithId } from "@/lib/api/person";

export const GET = endpoint(
	{
		name: "getUser",
		summary: "Find a person",
		permission: "users.view",
		params: idParams,
		answer: userDetailAnswer,
		refusals: { "not-found": "There is no such person." },
	},
	async ({ params }) => personWithId(params.id),
);

/** One change at a time: two would be two acts, of which the second may be refused when the first has happened. */
const changeSchema = z.union(
	[
		z.strictObject({ role: roleSchema }),
		z.strictObject({
			status: z.literal("suspended"),
			...suspensionSchema.shape,
			until: z.iso
				.datetime({ offset: true })
				.pipe(suspensionSchema.shape.until.unwrap())
				.optional()
				.describe("When it lifts by itself; left out, never."),
		}),
		z.strictObject({ status: z.literal("active") }),
	],
	{ error: "Send either a `role`, or the `status` suspended with a `reason`, or the `status` active." },
);

export const PATCH = endpoint(
	{
		name: "changeUser",
		summary: "Change a person's role, suspend or reactivate them",
		description:
			"One change at a time, which holds from their next request on. A role takes the permission `users.change-role` " +
			"as well, a status `users.suspend`. Answers the person as they are then.",
		permission: "users.view",
		params: idParams,
		body: changeSchema,
		answer: userDetailAnswer,
		refusals: {
			"not-found": "There is no such person.",
			conflict: "They are the last owner, have not verified their address yet, or are not suspended.",
			"proof-required": "To change a role: you last proved who you are too long ago.",
		},
	},
	async ({ session, params: { id }, body }) => {
		if ("role" in body) await changeRole(session, id, body.role);
		else if (body.status === "suspended") await suspend(session, id, body);
		else await reactivate(session, id);
		return personWithId(id);
	},
);
