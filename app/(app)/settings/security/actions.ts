"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { askForOwnPassword } from "@/lib/accounts/reset-password";
import { formAction } from "@/lib/action";
import { keepBrowserToken } from "@/lib/identities/browser";
import { unlinkIdentity } from "@/lib/identities/link";
import { requireProvider } from "@/lib/identities/providers";
import { beginVisit } from "@/lib/identities/visit";
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

export const linkAtProviderAction = formAction(z.object({ provider: z.string() }), async ({ provider }) => {
	const session = await requirePermission("identities.manage");
	const visit = { errand: "link", session, next: `${PATH}?done=linked`, origin: session.origin } as const;
	const url = await beginVisit(await requireProvider(provider), { ...visit, browser: await keepBrowserToken() });
	redirect(url.href);
});

export const unlinkIdentityAction = formAction(z.object({ identityId: z.uuid() }), async ({ identityId }) => {
	await unlinkIdentity(await requirePermission("identities.manage"), identityId);
	revalidatePath(PATH);
	return "You can no longer sign in with it.";
});

export const mailPasswordLinkAction = formAction(z.object({}), async () => {
	const session = await requirePermission("password.change");
	await askForOwnPassword(session);
	return `We sent a link to ${session.user.email}.`;
});
