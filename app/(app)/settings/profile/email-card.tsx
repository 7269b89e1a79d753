import { Card, CardBody, CardHeader } from "@/app/_ui/card";
import { Field } from "@/app/_ui/field";
import { ActionForm } from "@/app/_ui/form";
import { SubmitButton } from "@/app/_ui/submit-button";
import { cancelEmailChangeAction, changeEmailAction } from "./actions";

type Props = {
	email: string;
	/** The address that waits for its proof; null if none does. */
	pending: string | null;
	mayChange: boolean;
};

/** The address that the person signs in with, and the way to another one. */
export function EmailCard({ email, pending, mayChange }: Props) {
	return (
		<Card aria-labelledby="email">
			<CardHeader id="email" title="E-mail address" description="You sign in with it, and we write to it." />
			<CardBody className="space-y-4">
				<Field
					key={email}
					label="Email"
					name="email-shown"
					defaultValue={email}
					hint="Verified: a mail to it reached you."
					readOnly
					disabled
				/>
				{pending && <Pending email={pending} />}
				{mayChange && (
					<ActionForm action={changeEmailAction}>
						<Field
							label="New address"
							name="newEmail"
							type="email"
							autoComplete="email"
							hint="We mail it a link. When you open that, your other devices are signed out."
							required
						/>
						<SubmitButton>{pending ? "Send another link" : "Change address"}</SubmitButton>
					</ActionForm>
				)}
			</CardBody>
		</Card>
	);
}

function Pending({ email }: { email: string }) {
	return (
		<div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-lg bg-amber-soft px-3.5 py-3">
			<p className="min-w-0 break-words text-amber text-sm">
				Waiting for you to open the link that we sent to <b className="font-medium">{email}</b>.
			</p>
			<ActionForm action={cancelEmailChangeAction}>
				<SubmitButton variant="secondary" size="sm">
					Cancel the change
				</SubmitButton>
			</ActionForm>
		</div>
	);
}
