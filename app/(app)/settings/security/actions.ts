"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { changePassword, passwordChangeSchema } from "@/lib/accounts/profile";
import { formAction } from "@/lib/action";
import { requirePermission } from "@/lib/session/current";
import { signOutDevice, signOutOtherDevices } from "@/lib/session/own";

const PATH = "/settings/security";

export const changePasswordAction = formAction(passwordChangeSchema, async (input) => {
	const ended = await changePassword(await requirePermission("password.change"), input);
	revalidatePath(PATH);
	return ended === 0 ? "Your password was changed." : `Your password was changed, and ${devices(ended)} signed out.`;
});

export const signOutDeviceAction = formAction(z.object({ sessionId: z.uuid() }), async ({ sessionId }) => {
	await signOutDevice(await requirePermission("own-sessions.end"), sessionId);
	revalidatePath(PATH);
	return "That device was signed out.";
});

export const signOutOtherDevicesAction = formAction(z.object({}), async () => {
	const ended = await signOutOtherDevices(await requirePermission("own-sessions.end"));
	revalidatePath(PATH);
	return ended === 0 ? "There was no other device to sign out." : `${devices(ended)} signed out.`;
});

const devices = (count: number) => (count === 1 ? "1 other device was" : `${count} other devices were`);
