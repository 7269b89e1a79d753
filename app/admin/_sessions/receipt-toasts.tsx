"use client";

/** Turns the toast of a forced logout into its receipt, as soon as the ended session's cookie is refused. */
import { useEffect } from "react";
import { toast } from "sonner";
import type { EndedSessionRow } from "@/lib/admin/ended-sessions";
import { Receipt } from "./receipt";

/** Long enough to see the other side try. */
const RECEIPT_SHOWN_MS = 15_000;
const NOT_SEEN = "Not seen since.";

/** Says that a session was forced out. */
export function toastForcedOut(sessionId: string, title: string): void {
	toast.success(title, { id: sessionId, description: NOT_SEEN, duration: RECEIPT_SHOWN_MS });
}

/** `ended` are the sessions that ended lately, as the page knows them now. */
export function ReceiptToasts({ ended }: { ended: EndedSessionRow[] }) {
	useEffect(() => {
		const shown = new Map(toast.getToasts().map((shown) => [shown.id, shown]));
		for (const session of ended) {
			const told = shown.get(session.id);
			// Once only: a toast that is told anew is shown for its whole time again.
			if (!session.refused || !told || !("title" in told) || told.description !== NOT_SEEN) continue;
			const description = <Receipt session={session} />;
			toast.success(told.title, { id: session.id, description, duration: RECEIPT_SHOWN_MS });
		}
	}, [ended]);
	return null;
}
