/** Here and not in an action, because the answer replaces the cookie: see app/_ui/post-json.ts. */
import { changePassword, passwordChangeSchema } from "@/lib/accounts/profile";
import { endedAnswer } from "@/lib/api/answers";
import { endpoint } from "@/lib/api/endpoint";
import { setSessionCookie } from "@/lib/session/current";

export const POST = endpoint(
	{
		name: "changePassword",
		summary: "Change one's own password",
		description:
			"Ends all other sessions of the person. The answer replaces the session cookie; the old one ends with it.",
		permission: "password.change",
		body: passwordChangeSchema.strict(),
		answer: endedAnswer,
		refusals: {
			conflict: "The password was changed elsewhere in this very moment.",
			"too-many-attempts": "Too many wrong passwords lately. Try again later.",
		},
	},
	async ({ session, body }) => {
		const { ended, tokens } = await changePassword(session, body);
		await setSessionCookie(tokens);
		return { ended };
	},
);
