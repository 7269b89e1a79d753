"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { formAction } from "@/lib/action";
import { counted } from "@/lib/audit/words";
import { addProvider } from "@/lib/identities/add-provider";
import { changeProvider } from "@/lib/identities/change-provider";
import { changedProviderSchema, newProviderSchema, onProviderSchema } from "@/lib/identities/console-fields";
import { deleteProvider, turnOffProvider, turnOnProvider } from "@/lib/identities/switch-provider";
import { requirePermission } from "@/lib/session/current";

export const addProviderAction = formAction(newProviderSchema, async (input) => {
	const linked = await addProvider(await requirePermission("providers.manage"), input);
	refresh();
	if (linked === 0) return "Added. The sign-in page offers it from now on.";
	return `Added. ${counted(linked, "identity", "identities")} from before can sign in with it again.`;
});

export const changeProviderAction = formAction(changedProviderSchema, async (input) => {
	await changeProvider(await requirePermission("providers.manage"), input);
	refresh();
	return "Saved. It holds from the next sign-in on.";
});

export const turnOffProviderAction = formAction(
	onProviderSchema.extend({ signOut: z.literal("on").optional() }),
	async ({ id, signOut }) => {
		const ended = await turnOffProvider(await requirePermission("providers.manage"), id, signOut === "on");
		refresh();
		return signOut ? `Turned off. ${counted(ended, "session")} ended.` : "Turned off. Sessions go on as they were.";
	},
);

export const turnOnProviderAction = formAction(onProviderSchema, async ({ id }) => {
	await turnOnProvider(await requirePermission("providers.manage"), id);
	refresh();
	return "Turned on. The sign-in page offers it again.";
});

export const deleteProviderAction = formAction(onProviderSchema, async ({ id }) => {
	const ended = await deleteProvider(await requirePermission("providers.manage"), id);
	refresh();
	return ended > 0 ? `Deleted. ${counted(ended, "session")} ended.` : "Deleted.";
});
