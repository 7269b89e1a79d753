"use server";

import { refresh } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { deleteUser } from "@/lib/accounts/deletion";
import { formAction } from "@/lib/action";
import { forceLogoutEverywhere } from "@/lib/admin/force-logout";
import { sendPasswordResetTo } from "@/lib/admin/password-reset";
import { changeRole, roleSchema } from "@/lib/admin/roles";
import { offboard, reactivate, reasonField, suspend, suspensionSchema } from "@/lib/admin/suspension";
import { counted } from "@/lib/audit/words";
import { requirePermission } from "@/lib/session/current";

const onPerson = z.object({ userId: z.uuid() });

export const changeRoleAction = formAction(onPerson.extend({ role: roleSchema }), async ({ userId, role }) => {
	await changeRole(await requirePermission("users.change-role"), userId, role);
	refresh();
});

export const forceLogoutEverywhereAction = formAction(onPerson, async ({ userId }) => {
	const ended = await forceLogoutEverywhere(await requirePermission("sessions.force-logout"), userId);
	refresh();
	return ended === 0 ? "There was no session to end." : `${counted(ended, "session")} ended.`;
});

export const suspendAction = formAction(onPerson.extend(suspensionSchema.shape), async ({ userId, ...suspension }) => {
	const ended = await suspend(await requirePermission("users.suspend"), userId, suspension);
	refresh();
	return ended === 0 ? "Suspended." : `Suspended, and ${counted(ended, "session")} ended.`;
});

export const reactivateAction = formAction(onPerson, async ({ userId }) => {
	await reactivate(await requirePermission("users.suspend"), userId);
	refresh();
	return "Reactivated. They can sign in again.";
});

export const sendPasswordResetAction = formAction(onPerson, async ({ userId }) => {
	await sendPasswordResetTo(await requirePermission("users.send-password-reset"), userId);
	refresh();
	return "A link to choose a new password is on its way to them.";
});

export const offboardAction = formAction(onPerson.extend({ reason: reasonField }), async ({ userId, reason }) => {
	const ended = await offboard(await requirePermission("users.offboard"), userId, reason);
	refresh();
	const count = ended.sessions + ended.impersonationsOpened + ended.impersonationsOf;
	return count === 0 ? "Off-boarded." : `Off-boarded, and ${counted(count, "session")} ended.`;
});

export const deleteUserAction = formAction(onPerson.extend({ reason: reasonField }), async ({ userId, reason }) => {
	await deleteUser(await requirePermission("users.delete"), userId, reason);
	redirect("/admin/users");
});
