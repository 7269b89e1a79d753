"use client";

/**
 * A form that ends in a secret, which is shown in its place: here, once, and never again, because we keep only its hash. From
 * the moment at which the form is sent, nothing but "Done" closes the window.
 */
import { type ReactElement, type ReactNode, useOptimistic, useState } from "react";
import { Alert } from "@/app/_ui/alert";
import { Button } from "@/app/_ui/button";
import { CopyField } from "@/app/_ui/copy-field";
import { Dialog } from "@/app/_ui/dialog";
import { ActionForm } from "@/app/_ui/form";
import { SubmitButton } from "@/app/_ui/submit-button";
import type { FormAction } from "@/lib/action";

type Props = {
	trigger: ReactElement;
	title: string;
	description?: string;
	/** The title once it is done. */
	done: string;
	/** Its success shows `clientId`, and `secret` if there is one. */
	action: FormAction;
	submit: ReactNode;
	/** The fields. */
	children: ReactNode;
};

export function SecretDialog({ trigger, title, description, done, action, submit, children }: Props) {
	const [open, setOpen] = useState(false);
	const [shown, setShown] = useState<Record<string, string>>();
	const [sending, setSending] = useOptimistic(false);
	const send: FormAction = (previous, form) => {
		setSending(true);
		return action(previous, form);
	};
	function change(next: boolean) {
		setOpen(next);
		if (next) setShown(undefined);
	}
	return (
		<Dialog
			trigger={trigger}
			open={open}
			onOpenChange={change}
			held={sending || shown !== undefined}
			title={shown ? done : title}
			description={shown ? undefined : description}
		>
			{shown ? (
				<div className="space-y-4">
					{shown.secret && <Alert>Copy the secret now. It is not shown again.</Alert>}
					<CopyField label="Client id" text={shown.clientId ?? ""} />
					{shown.secret && <CopyField label="Client secret" text={shown.secret} />}
					<div className="flex justify-end">
						<Button onClick={() => setOpen(false)}>Done</Button>
					</div>
				</div>
			) : (
				<ActionForm action={send} onSuccess={({ shownOnce }) => setShown(shownOnce)}>
					{children}
					<div className="flex justify-end gap-2 pt-1">
						<Button disabled={sending} onClick={() => setOpen(false)}>
							Cancel
						</Button>
						<SubmitButton>{submit}</SubmitButton>
					</div>
				</ActionForm>
			)}
		</Dialog>
	);
}
