import { Button } from "@/app/_ui/button";
import { ConfirmDialog } from "@/app/_ui/confirm-dialog";
import { TextArea } from "@/app/_ui/field";
import type { OffboardingReport } from "@/lib/admin/suspension";
import { offboardAction } from "./actions";

type Props = { user: { id: string; name: string }; preview: OffboardingReport };

/** Says what will end, asks why, and ends all of it in one act. The report stays on the page. */
export function OffboardDialog({ user, preview }: Props) {
	const ends = [
		[preview.sessions, "Sessions"],
		[preview.impersonationsOpened, "Impersonations they opened"],
		[preview.impersonationsOf, "Impersonations of them"],
	] as const;
	return (
		<ConfirmDialog
			trigger={<Button>Off-board</Button>}
			title={`Off-board ${user.name}?`}
			description="Everything that they have open ends in one act, and they cannot sign in again. Their data and their history stay."
			confirmLabel="Off-board"
			danger
			action={offboardAction}
		>
			<dl aria-label="What will end" className="divide-y rounded-md border text-sm">
				{ends.map(([count, label]) => (
					<div key={label} className="flex justify-between gap-4 px-3 py-2">
						<dt className="text-muted">{label}</dt>
						<dd className="font-medium tabular-nums">{count}</dd>
					</div>
				))}
			</dl>
			<input type="hidden" name="userId" value={user.id} />
			<TextArea label="Reason" name="reason" placeholder="Left the company" required autoFocus />
		</ConfirmDialog>
	);
}
