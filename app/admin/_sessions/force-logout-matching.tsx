"use client";

/** For more than one page shows. It asks first, because it reaches sessions that the viewer cannot see. */
import { Button } from "@/app/_ui/button";
import { ConfirmDialog } from "@/app/_ui/confirm-dialog";
import { counted } from "@/lib/audit/words";
import { forceLogoutMatchingAction } from "./actions";
import type { MatchingSessions } from "./use-selection";

export function ForceLogoutMatching({ matching, onDone }: { matching: MatchingSessions; onDone?: () => void }) {
	const { filter, count, orMore } = matching;
	const number = orMore ? `more than ${counted(count, "session")}` : counted(count, "session");
	return (
		<ConfirmDialog
			trigger={<Button>Force log out all {`${count.toLocaleString("en")}${orMore ? "+" : ""}`} that match</Button>}
			title={`Force log out ${number}?`}
			description="These are all sessions that match the filters, on every page of the list. Your own, and those of people whom your role does not reach, are left alone."
			confirmLabel="Force log out all that match"
			danger
			action={forceLogoutMatchingAction}
			onSuccess={onDone}
		>
			{Object.entries(filter).map(([name, value]) => (
				<input key={name} type="hidden" name={name} value={value} />
			))}
		</ConfirmDialog>
	);
}
