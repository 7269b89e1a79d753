"use client";

/**
 * Step-up in the browser: an act that the server refuses until the person has proven again who they are waits while this
 * dialog asks for the password, and is then sent again as it was.
 */
import { type ReactNode, useCallback, useRef, useState } from "react";
import { Button } from "@/app/_ui/button";
import { Dialog } from "@/app/_ui/dialog";
import { Field } from "@/app/_ui/field";
import { ActionForm } from "@/app/_ui/form";
import { type AskForProof, AskForProofContext } from "@/app/_ui/proof";
import { SubmitButton } from "@/app/_ui/submit-button";
import type { FormAction } from "@/lib/action";

/** Wrap the signed-in pages in it. `action` takes the field `password`. */
export function StepUp({ action, children }: { action: FormAction; children: ReactNode }) {
	const [open, setOpen] = useState(false);
	const answer = useRef<(proven: boolean) => void>(() => {});

	const ask = useCallback<AskForProof>(() => {
		setOpen(true);
		return new Promise((resolve) => {
			answer.current = resolve;
		});
	}, []);

	function close(proven: boolean) {
		setOpen(false);
		answer.current(proven);
	}

	return (
		<AskForProofContext value={ask}>
			{children}
			<Dialog
				open={open}
				onOpenChange={(next) => !next && close(false)}
				title="Confirm that it is you"
				description="This is worth a second look, so we ask for your password again. Then it goes on where you were."
			>
				<ActionForm action={action} onSuccess={() => close(true)}>
					<Field label="Password" name="password" type="password" autoComplete="current-password" required autoFocus />
					<div className="flex justify-end gap-2 pt-1">
						<Button onClick={() => close(false)}>Cancel</Button>
						<SubmitButton>Confirm</SubmitButton>
					</div>
				</ActionForm>
			</Dialog>
		</AskForProofContext>
	);
}
