import { z } from "zod";
import { offboard, previewOffboarding, reasonField } from "@/lib/admin/suspension";
import { offboardingAnswer } from "@/lib/api/answers";
import { endpoint } from "@/lib/api/endpoint";
import { idParams } from "@/lib/api/input";
import { personWithId } from "@/lib/api/person";

export const GET = endpoint(
	{
		name: "previewOffboarding",
		summary: "Preview an off-boarding",
		description: "What off-boarding the person would end now.",
		permission: "users.offboard",
		params: idParams,
		answer: offboardingAnswer,
		refusals: { "not-found": "There is no such person." },
	},
	async ({ params }) => previewOffboarding((await personWithId(params.id)).id),
);

export const POST = endpoint(
	{
		name: "offboard",
		summary: "Off-board a person",
		description: "Ends all that they have open and closes their account for good, in one act. Reports what ended.",
		permission: "users.offboard",
		params: idParams,
		body: z.strictObject({ reason: reasonField }),
		answer: offboardingAnswer,
		refusals: { "not-found": "There is no such person.", conflict: "They are the last owner." },
	},
	async ({ session, params, body }) => offboard(session, params.id, body.reason),
);
