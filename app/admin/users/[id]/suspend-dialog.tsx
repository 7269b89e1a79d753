import { useState } from "react";
import { Button } from "@/app/_ui/button";
import { ConfirmDialog } from "@/app/_ui/confirm-dialog";
import { Field, TextArea } from "@/app/_ui/field";
import { useFormField } from "@/app/_ui/form";
import { suspendAction } from "./actions";

/** Asks why, and until when if not for good. */
export function SuspendDialog({ user }: { user: { id: string; name: string } }) {
	return (
		<ConfirmDialog
			trigger={<Button>Suspend</Button>}
			title={`Suspend ${user.name}?`}
			description="All their sessions end now, and they cannot sign in until the suspension is over."
			confirmLabel="Suspend"
			danger
			action={suspendAction}
		>
			<input type="hidden" name="userId" value={user.id} />
			<TextArea label="Reason" name="reason" required autoFocus />
			<Until />
		</ConfirmDialog>
	);
}

/** The browser knows the viewer's time zone, the server does not: what is sent is the moment itself. */
function Until() {
	const [local, setLocal] = useState("");
	const { errors } = useFormField("until");
	return (
		<>
			<Field
				label="Until"
				// Without a name, so that it is not sent.
				name=""
				type="datetime-local"
				// Otherwise browsers take years of six digits.
				max="9999-12-31T23:59"
				hint="In your time zone. Left empty, it holds until someone reactivates them."
				errors={errors}
				value={local}
				onChange={(event) => setLocal(event.target.value)}
			/>
			{local && <input type="hidden" name="until" value={momentOf(local)} />}
		</>
	);
}

/** What is no moment is sent as it is: the server says so beside the field. */
function momentOf(local: string): string {
	const moment = new Date(local);
	return Number.isNaN(moment.getTime()) ? local : moment.toISOString();
}
