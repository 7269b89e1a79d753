"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { formAction } from "@/lib/action";
import { requirePermission } from "@/lib/session/current";
import { signOutDevice, signOutOtherDevices } from "@/lib/session/own";

const PATH = "/settings/security";

export const signOutDeviceAction = formAction(z.object({ sessionId: z.uuid() }), async ({ sessionId }) => {
	await signOutDevice(await requirePermission("own-sessions.end"), sessionId);
	revalidatePath(PATH);
	return "That device was signed out.";
});

export const signOutOtherDevicesAction = formAction(z.object({}), async () => {
	const ended = await signOutOtherDevices(await requirePermission("own-sessions.end"));
	revalidatePath(PATH);
	if (ended === 0) return "There was no other device to sign out.";
	return ended === 1 ? "1 other device was signed out." : `${ended} other devices were signed out.`;
});
