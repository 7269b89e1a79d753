"use client";

import { Button } from "@/app/_ui/button";
import { Checkbox } from "@/app/_ui/checkbox";
import { ConfirmDialog } from "@/app/_ui/confirm-dialog";
import { counted } from "@/lib/audit/words";
import type { ListedProvider } from "@/lib/identities/list-providers";
import { turnOffProviderAction } from "./actions";

/** Says who loses what before it is lost: whoever has no other way in, and the sessions if they are to end. */
export function TurnOff({ provider }: { provider: ListedProvider }) {
	const { id, name, people, onlyWay, sessions } = provider;
	return (
		<ConfirmDialog
			trigger={<Button size="sm">Turn off</Button>}
			title={`Turn off ${name}?`}
			description={
				<>
					<p>
						Nobody can sign in with it or confirm with it who they are, from now on and until it is turned on again.{" "}
						{people > 0 && `${counted(people, "person stays", "people stay")} linked with it.`}
					</p>
					{onlyWay > 0 && (
						<p className="mt-2 font-medium text-ink">
							{counted(onlyWay, "person has", "people have")} no other way in, and will have to ask for a password by
							mail.
						</p>
					)}
				</>
			}
			confirmLabel="Turn off"
			danger
			action={turnOffProviderAction}
		>
			<input type="hidden" name="id" value={id} />
			<Checkbox
				name="signOut"
				label="And sign out everyone who signed in with it"
				hint={
					sessions > 0
						? `${counted(sessions, "session")} right now. The one that you are using is spared.`
						: "There is no session right now."
				}
			/>
		</ConfirmDialog>
	);
}
