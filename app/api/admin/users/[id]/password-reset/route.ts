import { sendPasswordResetTo } from "@/lib/admin/password-reset";
import { endpoint } from "@/lib/api/endpoint";
import { idParams } from "@/lib/api/input";

export const POST = endpoint(
	{
		name: "sendPasswordReset",
		summary: "Send a person a password reset",
		description:
			"Mails them a link to choose a new password, good for an hour. Nothing changes until they use it; then all their " +
			"sessions end. Nobody chooses a password for somebody else.",
		permission: "users.send-password-reset",
		params: idParams,
		refusals: {
			"not-found": "There is no such person.",
			conflict: "They are suspended.",
			"too-many-attempts": "They were sent five within the hour.",
		},
	},
	async ({ session, params }) => sendPasswordResetTo(session, params.id),
);
