"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { formAction } from "@/lib/action";
import { forceLogoutAll } from "@/lib/admin/force-logout";
import { counted } from "@/lib/audit/words";
import { requirePermission } from "@/lib/session/current";

export const signEveryoneOutAction = formAction(z.object({}), async () => {
	const ended = await forceLogoutAll(await requirePermission("sessions.end-all"));
	refresh();
	return ended === 0 ? "Nobody else was signed in." : `Everyone is signed out: ${counted(ended, "session")} ended.`;
});
