/** "This wasn't me": ends a sign-in that the person did not make, from wherever they read their mail. */
import type { Metadata } from "next";
import { DescriptionList } from "@/app/_ui/description-list";
import { ActionForm } from "@/app/_ui/form";
import { SubmitButton } from "@/app/_ui/submit-button";
import { Time } from "@/app/_ui/time";
import { signInToDisown } from "@/lib/accounts/new-device";
import { keptLinkToken } from "@/lib/links/cookie";
import { StaleLink } from "../_links/stale-link";
import { disownSignInAction } from "./actions";

export const metadata: Metadata = { title: "Was this you?" };

export default async function NotMePage() {
	const signIn = await signInToDisown(await keptLinkToken("sign_in_disowning"));
	if (!signIn) return <StaleLink again={{ href: "/forgot-password", label: "Choose a new password" }} />;
	return (
		<>
			<h1 className="font-semibold text-xl tracking-tight">Was this you?</h1>
			<div className="mt-4">
				<DescriptionList
					items={[
						{ label: "Account", value: signIn.email },
						{ label: "Device", value: signIn.device },
						{ label: "Network", value: signIn.ip ?? "Unknown" },
						{ label: "Signed in", value: <Time at={signIn.at} format="datetime" /> },
					]}
				/>
			</div>
			<p className="mt-4 text-muted text-sm">
				If not, this{" "}
				{signIn.over
					? "session is over already, and your password ends too"
					: "session ends at once, and your password with it"}
				: whoever it was may know it. Sessions that were begun since end too, and every identity that you can sign in
				with is unlinked, for they may be theirs. We mail you a link to choose a new password. If it was you, close this
				page.
			</p>
			<ActionForm action={disownSignInAction} className="mt-6">
				<SubmitButton className="w-full" variant="danger">
					This wasn’t me
				</SubmitButton>
			</ActionForm>
		</>
	);
}
