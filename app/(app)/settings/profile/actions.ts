"use server";

import { revalidatePath } from "next/cache";
import { changeProfile, profileSchema } from "@/lib/accounts/profile";
import { formAction } from "@/lib/action";
import { requirePermission } from "@/lib/session/current";

export const changeProfileAction = formAction(profileSchema, async (input) => {
	await changeProfile(await requirePermission("profile.change"), input);
	revalidatePath("/", "layout");
	return "Your profile was saved.";
});
