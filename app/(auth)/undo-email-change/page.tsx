/** Takes an account back whose address somebody else changed. */
import type { Metadata } from "next";
import { ActionForm } from "@/app/_ui/form";
import { SubmitButton } from "@/app/_ui/submit-button";
import { keptLinkToken } from "@/lib/links/cookie";
import { findLink } from "@/lib/links/links";
import { StaleLink } from "../_links/stale-link";
import { undoEmailChangeAction } from "./actions";

export const metadata: Metadata = { title: "Undo the change of your address" };

export default async function UndoEmailChangePage() {
	const link = await findLink("email_change_undo", await keptLinkToken("email_change_undo"));
	if (!link) return <StaleLink again={{ href: "/sign-in", label: "Go to sign-in" }} />;
	return (
		<>
			<h1 className="font-semibold text-xl tracking-tight">Was it not you?</h1>
			<p className="mt-2 break-words text-muted text-sm">
				Then your address will be <b className="font-medium text-ink">{link.email}</b> again, everyone is signed out of
				your account, and we mail you a link to choose a new password.
			</p>
			<ActionForm action={undoEmailChangeAction} className="mt-6">
				<SubmitButton className="w-full" variant="danger">
					Undo the change
				</SubmitButton>
			</ActionForm>
		</>
	);
}
