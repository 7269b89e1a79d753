"use client";

/**
 * Forcing out, as it feels: the rows leave at once, a toast says what happened, and after a failure they come back and
 * the toast says why.
 */
import { useRouter } from "next/navigation";
import { startTransition, useOptimistic } from "react";
import { toast } from "sonner";
import { useStepUp } from "@/app/_ui/proof";
import type { ActionResult, FormAction } from "@/lib/action";
import type { SessionRow } from "@/lib/admin/sessions";
import { forceLogoutAction, forceLogoutSelectedAction } from "./actions";
import { toastForcedOut } from "./receipt-toasts";

/** Gives the rows that are still there, and the act. */
export function useForceLogout(sessions: SessionRow[]) {
	const router = useRouter();
	const forceOne = useStepUp(forceLogoutAction);
	const forceSeveral = useStepUp(forceLogoutSelectedAction);
	const [rows, remove] = useOptimistic(sessions, (rows, ids: string[]) => rows.filter(({ id }) => !ids.includes(id)));

	function forceLogout(chosen: SessionRow[]) {
		startTransition(async () => {
			remove(chosen.map(({ id }) => id));
			const result = await send(chosen.length === 1 ? forceOne : forceSeveral, chosen);
			if (result?.ok) {
				const [session] = chosen;
				if (result.message) toast.success(result.message);
				else if (session) toastForcedOut(session.id, sayEnded(session));
			} else if (result?.code === "session-ended") {
				location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
			} else {
				toast.error(result?.message ?? "Nobody was signed out.");
				if (result?.code === "not-found") router.refresh();
			}
		});
	}

	return { rows, forceLogout };
}

/** The server's answer; also when there is none, because a failure must put the rows back, not break the page. */
async function send(action: FormAction, chosen: SessionRow[]): Promise<ActionResult> {
	const form = new FormData();
	for (const { id } of chosen) form.append("sessionId", id);
	try {
		return await action(null, form);
	} catch {
		const message = "The server could not be reached. Nobody was signed out.";
		return { ok: false, code: "unreachable", message, fields: {}, values: {} };
	}
}

function sayEnded(session: SessionRow): string {
	const { user, impersonation, browser, operatingSystem, appDevice } = session;
	if (impersonation) return `${impersonation.by.name} no longer impersonates ${user.name}`;
	return `${user.name} was signed out on ${appDevice ?? browser ?? operatingSystem ?? "an unknown device"}`;
}
