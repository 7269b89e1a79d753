import { VenetianMask } from "lucide-react";
import { Button } from "@/app/_ui/button";
import { ConfirmDialog } from "@/app/_ui/confirm-dialog";
import { TextArea } from "@/app/_ui/field";
import { postJson } from "@/app/_ui/post-json";
import type { ActionResult, FormAction } from "@/lib/action";

type Props = { user: { id: string; name: string }; whyNot: string | null };

/** Asks why. Then this browser becomes the other person, by a hard navigation: nothing of the console survives it. */
export function ImpersonateDialog({ user, whyNot }: Props) {
	const trigger = (
		<Button disabled={whyNot !== null} title={whyNot ?? undefined}>
			<VenetianMask aria-hidden /> Impersonate
		</Button>
	);
	return (
		<ConfirmDialog
			trigger={trigger}
			title={`Impersonate ${user.name}?`}
			description="You will see and use the product as they do, for at most an hour. They will see that you did, and why."
			confirmLabel="Impersonate"
			action={impersonating(user.id)}
		>
			<TextArea label="Reason" name="reason" placeholder="Ticket 4711: cannot see the invoice" required autoFocus />
		</ConfirmDialog>
	);
}

function impersonating(userId: string): FormAction {
	return async (_previous, form) => {
		const result = await postJson(`/api/admin/users/${userId}/impersonation`, form);
		if (!result?.ok) return result;
		location.assign("/dashboard");
		// Stays on its way until the browser has left.
		return new Promise<ActionResult>(() => {});
	};
}
