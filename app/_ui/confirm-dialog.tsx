"use client";

/** Asks before something that cannot be undone, runs it, and stays open with the reason if it fails. */
import { AlertDialog } from "@base-ui/react/alert-dialog";
import { type ReactElement, type ReactNode, useId, useState } from "react";
import { Button } from "@/app/_ui/button";
import { backdrop, popup } from "@/app/_ui/dialog";
import { control, FieldFrame } from "@/app/_ui/field";
import { ActionForm } from "@/app/_ui/form";
import { SubmitButton } from "@/app/_ui/submit-button";
import type { FormAction } from "@/lib/action";

type Props = {
	/** The button that opens it. */
	trigger: ReactElement;
	title: ReactNode;
	description?: ReactNode;
	confirmLabel: string;
	danger?: boolean;
	/** A word that must be typed first, for acts that concern everyone. */
	typed?: string;
	action: FormAction;
	/** Fields of the form: hidden ones for what it is about, visible ones for a reason and the like. */
	children?: ReactNode;
	onSuccess?: () => void;
};

export function ConfirmDialog({ trigger, title, description, onSuccess, ...form }: Props) {
	const [open, setOpen] = useState(false);
	function succeed() {
		setOpen(false);
		onSuccess?.();
	}
	return (
		<AlertDialog.Root open={open} onOpenChange={setOpen}>
			<AlertDialog.Trigger render={trigger} />
			<AlertDialog.Portal>
				<AlertDialog.Backdrop className={backdrop} />
				<AlertDialog.Popup className={popup}>
					<AlertDialog.Title className="font-semibold text-lg">{title}</AlertDialog.Title>
					{description && (
						<AlertDialog.Description className="mt-1.5 text-muted" render={<div />}>
							{description}
						</AlertDialog.Description>
					)}
					<ConfirmForm {...form} onSuccess={succeed} />
				</AlertDialog.Popup>
			</AlertDialog.Portal>
		</AlertDialog.Root>
	);
}

type FormProps = Pick<Props, "action" | "typed" | "children" | "confirmLabel" | "danger" | "onSuccess">;

/** Lives only as long as the dialog is open, so that it always opens afresh. */
function ConfirmForm({ action, typed, children, confirmLabel, danger, onSuccess }: FormProps) {
	const [word, setWord] = useState("");
	const id = useId();
	return (
		<ActionForm action={action} onSuccess={onSuccess} className="mt-4">
			{children}
			{typed && (
				// Without a name, so that the word is not sent along.
				<FieldFrame id={id} label={`Type “${typed}” to confirm`}>
					{() => (
						<input
							id={id}
							autoComplete="off"
							autoCapitalize="none"
							spellCheck={false}
							value={word}
							onChange={(event) => setWord(event.target.value)}
							className={control}
						/>
					)}
				</FieldFrame>
			)}
			<div className="flex justify-end gap-2 pt-1 max-sm:flex-col-reverse">
				<AlertDialog.Close render={<Button />}>Cancel</AlertDialog.Close>
				<SubmitButton variant={danger ? "danger" : "primary"} disabled={typed !== undefined && word !== typed}>
					{confirmLabel}
				</SubmitButton>
			</div>
		</ActionForm>
	);
}
