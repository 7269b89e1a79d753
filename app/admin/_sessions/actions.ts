"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { formAction } from "@/lib/action";
import { forceLogout } from "@/lib/admin/force-logout";
import { forceLogoutFiltered, sessionFilterSchema } from "@/lib/admin/sessions";
import { counted } from "@/lib/audit/words";
import { PAGE_ROWS } from "@/lib/list/cursor";
import { requirePermission } from "@/lib/session/current";

export const forceLogoutAction = formAction(z.object({ sessionId: z.uuid() }), async ({ sessionId }) => {
	await forceLogout(await requirePermission("sessions.force-logout"), [sessionId]);
	refresh();
});

/** A form in which only one row is chosen sends no list. */
const selection = z.union([z.uuid().transform((id) => [id]), z.array(z.uuid()).min(1).max(PAGE_ROWS)]);

export const forceLogoutSelectedAction = formAction(z.object({ sessionId: selection }), async ({ sessionId }) => {
	const ended = await forceLogout(await requirePermission("sessions.force-logout"), sessionId);
	refresh();
	return `${counted(ended, "session")} ended.`;
});

export const forceLogoutMatchingAction = formAction(sessionFilterSchema, async (filter) => {
	const ended = await forceLogoutFiltered(await requirePermission("sessions.force-logout"), filter);
	refresh();
	return ended === 0 ? "None of them was yours to end." : `${counted(ended, "session")} ended.`;
});
