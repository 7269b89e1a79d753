import { z } from "zod";
import { endpoint } from "@/lib/api/endpoint";
import { requireDatabase } from "@/lib/health";

export const GET = endpoint(
	{
		name: "checkHealth",
		summary: "Tell whether the server works",
		description: "For load balancers: 503 as long as the database cannot be asked.",
		permission: "public",
		answer: z.object({ status: z.literal("ok") }).meta({ id: "Health" }),
	},
	async () => {
		await requireDatabase();
		return { status: "ok" as const };
	},
);
