"use client";

/** A form about a provider that closes when it has done what it says. */
import { type ReactElement, type ReactNode, useState } from "react";
import { Button } from "@/app/_ui/button";
import { Dialog } from "@/app/_ui/dialog";
import { ActionForm } from "@/app/_ui/form";
import { SubmitButton } from "@/app/_ui/submit-button";
import type { FormAction } from "@/lib/action";

type Props = {
	trigger: ReactElement;
	title: string;
	description?: string;
	action: FormAction;
	submit: string;
	/** The fields. */
	children: ReactNode;
};

export function ProviderDialog({ trigger, title, description, action, submit, children }: Props) {
	const [open, setOpen] = useState(false);
	return (
		<Dialog trigger={trigger} open={open} onOpenChange={setOpen} title={title} description={description}>
			<ActionForm action={action} onSuccess={() => setOpen(false)}>
				{children}
				<div className="flex justify-end gap-2 pt-1">
					<Button onClick={() => setOpen(false)}>Cancel</Button>
					<SubmitButton>{submit}</SubmitButton>
				</div>
			</ActionForm>
		</Dialog>
	);
}
