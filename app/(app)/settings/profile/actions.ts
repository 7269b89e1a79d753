"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { askForEmailChange, cancelEmailChange, emailChangeSchema } from "@/lib/accounts/change-email";
import { changeProfile, profileSchema } from "@/lib/accounts/profile";
import { formAction } from "@/lib/action";
import { requirePermission } from "@/lib/session/current";

const PATH = "/settings/profile";

export const changeProfileAction = formAction(profileSchema, async (input) => {
	await changeProfile(await requirePermission("profile.change"), input);
	revalidatePath("/", "layout");
	return "Your profile was saved.";
});

export const changeEmailAction = formAction(emailChangeSchema, async (input) => {
	await askForEmailChange(await requirePermission("email.change"), input);
	revalidatePath(PATH);
	return `We sent a link to ${input.newEmail}.`;
});

export const cancelEmailChangeAction = formAction(z.object({}), async () => {
	await cancelEmailChange(await requirePermission("email.change"));
	revalidatePath(PATH);
	return "Your address stays as it is.";
});
