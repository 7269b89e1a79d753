import { Button } from "@/app/_ui/button";
import { ConfirmDialog } from "@/app/_ui/confirm-dialog";
import { TextArea } from "@/app/_ui/field";
import { deleteUserAction } from "./actions";

/** The one act on a person that cannot be taken back, so the address must be typed first. */
export function DeleteDialog({ user }: { user: { id: string; name: string; email: string } }) {
	return (
		<ConfirmDialog
			trigger={<Button>Delete</Button>}
			title={`Delete ${user.name}?`}
			description="Their account goes for good, and all their sessions end. Whoever only leaves the company is better off-boarded: that can be undone."
			typed={user.email}
			confirmLabel="Delete"
			danger
			action={deleteUserAction}
		>
			<input type="hidden" name="userId" value={user.id} />
			<TextArea label="Reason" name="reason" placeholder="Asked to be forgotten" required autoFocus />
		</ConfirmDialog>
	);
}
