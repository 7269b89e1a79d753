"use server";

import { z } from "zod";
import { formAction } from "@/lib/action";
import { requirePermission } from "@/lib/session/current";

/** Asks for whatever the export will ask for, because a download cannot ask for a password. */
export const prepareExportAction = formAction(z.object({}), async () => {
	await requirePermission("audit.export");
});
