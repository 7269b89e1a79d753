import { LogOut } from "lucide-react";
import { Button } from "@/app/_ui/button";
import { ConfirmDialog } from "@/app/_ui/confirm-dialog";
import { signEveryoneOutAction } from "./actions";

/** The emergency brake. A word must be typed first. */
export function SignEveryoneOut() {
	return (
		<ConfirmDialog
			trigger={
				<Button>
					<LogOut aria-hidden /> Sign everyone out
				</Button>
			}
			title="Sign everyone out?"
			description="Every session of every person ends at once, owners included, and your own on other devices. Only the session that you are using now stays. With very many people this takes a minute."
			typed="sign everyone out"
			confirmLabel="Sign everyone out"
			danger
			action={signEveryoneOutAction}
		/>
	);
}
