import { z } from "zod";
import { deleteUser } from "@/lib/accounts/deletion";
import { reasonField } from "@/lib/admin/suspension";
import { endedAnswer } from "@/lib/api/answers";
import { endpoint } from "@/lib/api/endpoint";
import { idParams } from "@/lib/api/input";

export const POST = endpoint(
	{
		name: "deleteUser",
		summary: "Delete a person's account",
		description: "For good: all their sessions end, and their name, address and password are gone.",
		permission: "users.delete",
		params: idParams,
		body: z.strictObject({ reason: reasonField }),
		answer: endedAnswer,
		refusals: { "not-found": "There is no such person.", conflict: "They are the last owner." },
	},
	async ({ session, params, body }) => ({ ended: await deleteUser(session, params.id, body.reason) }),
);
