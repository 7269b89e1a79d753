/** Proves a new address: whoever reads its mail says so here. */
import type { Metadata } from "next";
import { ActionForm } from "@/app/_ui/form";
import { SubmitButton } from "@/app/_ui/submit-button";
import { keptLinkToken } from "@/lib/links/cookie";
import { findLink } from "@/lib/links/links";
import { StaleLink } from "../_links/stale-link";
import { confirmEmailChangeAction } from "./actions";

export const metadata: Metadata = { title: "Confirm your new address" };

export default async function ChangeEmailPage() {
	const link = await findLink("email_change", await keptLinkToken("email_change"));
	if (!link) return <StaleLink again={{ href: "/settings/profile", label: "Go to your profile" }} />;
	return (
		<>
			<h1 className="font-semibold text-xl tracking-tight">Confirm your new address</h1>
			<p className="mt-2 break-words text-muted text-sm">
				From then on you sign in with <b className="font-medium text-ink">{link.email}</b>. All your other devices are
				signed out, and your old address hears of it.
			</p>
			<ActionForm action={confirmEmailChangeAction} className="mt-6">
				<SubmitButton className="w-full">Confirm new address</SubmitButton>
			</ActionForm>
		</>
	);
}
