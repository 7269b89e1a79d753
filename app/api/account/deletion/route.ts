import { accountDeletionSchema, deleteOwnAccount } from "@/lib/accounts/deletion";
import { endedAnswer } from "@/lib/api/answers";
import { endpoint } from "@/lib/api/endpoint";

export const POST = endpoint(
	{
		name: "deleteOwnAccount",
		summary: "Delete one's own account",
		description:
			"For good. `email` is the account's own address, so that nothing is deleted by a slip. All sessions end, the one " +
			"that asks included.",
		permission: "account.delete",
		body: accountDeletionSchema.strict(),
		answer: endedAnswer,
		refusals: { conflict: "They are the last owner." },
	},
	async ({ session, body }) => ({ ended: await deleteOwnAccount(session, body) }),
);
