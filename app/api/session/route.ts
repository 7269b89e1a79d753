import { currentSessionAnswer } from "@/lib/api/answers";
import { endpoint } from "@/lib/api/endpoint";

export const GET = endpoint(
	{ name: "getSession", summary: "Tell who is signed in", permission: "product.use", answer: currentSessionAnswer },
	async ({ session }) => ({ session, user: session.user, impersonator: session.impersonator }),
);
