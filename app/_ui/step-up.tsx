"use client";

/**
 * Step-up in the browser: acts that the server refuses until the person has proven again who they are wait while this
 * dialog asks for the password, and are then sent again as they were.
 */
import { type FormEvent, type ReactNode, useCallback, useRef, useState } from "react";
import { Button } from "@/app/_ui/button";
import { Dialog } from "@/app/_ui/dialog";
import { Field } from "@/app/_ui/field";
import { clearSecrets, keepForms } from "@/app/_ui/kept-form";
import { type AskForProof, AskForProofContext } from "@/app/_ui/proof";
import type { FormAction } from "@/lib/action";

type Props = {
	/** Takes the field `password`. */
	action: FormAction;
	/** Puts other ways to prove it around the form, or in its place. */
	around?: (form: ReactNode) => ReactNode;
	children: ReactNode;
};

/** Wrap the signed-in pages in it. */
export function StepUp({ action, around = (form) => form, children }: Props) {
	const [open, setOpen] = useState(false);
	/** One for all acts that wait: an act that is never answered would hold up every later one, and every navigation. */
	const answer = useRef<PromiseWithResolvers<boolean>>(undefined);

	const ask = useCallback<AskForProof>(() => {
		setOpen(true);
		answer.current ??= Promise.withResolvers();
		return answer.current.promise;
	}, []);

	function close(proven: boolean) {
		setOpen(false);
		answer.current?.resolve(proven);
		answer.current = undefined;
	}

	return (
		<AskForProofContext value={ask}>
			{children}
			<Dialog
				open={open}
				onOpenChange={(next) => !next && close(false)}
				title="Confirm that it is you"
				description="This is worth a second look, so we ask again who you are. Then it goes on where you were."
			>
				{around(<ProofForm action={action} onProven={() => close(true)} onCancel={() => close(false)} />)}
			</Dialog>
		</AskForProofContext>
	);
}

type FormProps = { action: FormAction; onProven: () => void; onCancel: () => void };

/**
 * Neither an `ActionForm` nor a `SubmitButton`: React holds the answer of an action back, and the form pending, until
 * every action that began before it is done, and the act that waits for this proof is one of them.
 */
function ProofForm({ action, onProven, onCancel }: FormProps) {
	const [pending, setPending] = useState(false);
	const [message, setMessage] = useState<string>();

	async function prove(event: FormEvent<HTMLFormElement>) {
		event.preventDefault();
		const form = event.currentTarget;
		setPending(true);
		const result = await action(null, new FormData(form)).catch(() => null);
		setPending(false);
		if (result?.ok) return onProven();
		if (result?.code === "session-ended") {
			keepForms();
			return location.reload();
		}
		setMessage(result?.message ?? "The server could not be reached. Please try again.");
		clearSecrets(form);
		form.querySelector("input")?.focus();
	}

	return (
		<form onSubmit={prove} className="space-y-4">
			<Field
				label="Password"
				name="password"
				type="password"
				autoComplete="current-password"
				errors={message ? [message] : undefined}
				required
				autoFocus
			/>
			<div className="flex justify-end gap-2 pt-1">
				<Button onClick={onCancel}>Cancel</Button>
				<Button type="submit" variant="primary" pending={pending}>
					Confirm
				</Button>
			</div>
		</form>
	);
}
