import { VenetianMask } from "lucide-react";
import { Button } from "@/app/_ui/button";
import { ConfirmDialog } from "@/app/_ui/confirm-dialog";
import { TextArea } from "@/app/_ui/field";
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

/**
 * Through the API, because a server action would render this page once more, for the person whom the browser has just
 * become, and they may not see it.
 */
function impersonating(userId: string): FormAction {
	return async (_previous, form) => {
		const reason = String(form.get("reason"));
		const response = await fetch(`/api/admin/users/${userId}/impersonation`, {
			method: "POST",
			headers: { "Content-Type": "application/json" },
			body: JSON.stringify({ reason }),
		});
		if (!response.ok) {
			const { code, detail, errors = {} } = await response.json();
			return { ok: false, code, message: detail, fields: errors, values: { reason } };
		}
		location.assign("/dashboard");
		// Stays on its way until the browser has left.
		return new Promise<ActionResult>(() => {});
	};
}
