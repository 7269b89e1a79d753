import { currentSessionAnswer } from "@/lib/api/answers";
import { endpoint } from "@/lib/api/endpoint";

export const GET = endpoint(
	{
		name: "getSession",
		summary: "Tell who is signed in",
		description: "Asking this is no activity: the session's idle limit does not move.",
		permission: "product.use",
		unattended: true,
		answer: currentSessionAnswer,
	},
	async ({ session }) => ({ session, user: session.user, impersonator: session.impersonator }),
);
