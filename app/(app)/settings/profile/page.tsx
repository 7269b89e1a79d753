import type { Metadata } from "next";
import { Card, CardBody, CardHeader } from "@/app/_ui/card";
import { Field } from "@/app/_ui/field";
import { ActionForm } from "@/app/_ui/form";
import { PageHeader } from "@/app/_ui/page-header";
import { SubmitButton } from "@/app/_ui/submit-button";
import { pendingEmail } from "@/lib/accounts/change-email";
import { requirePage } from "@/lib/session/current";
import { changeProfileAction } from "./actions";
import { DeleteAccount } from "./delete-account";
import { EmailCard } from "./email-card";

export const metadata: Metadata = { title: "Profile" };

export default async function ProfilePage() {
	const session = await requirePage("product.use", "/settings/profile");
	const { user } = session;
	const mayChange = session.impersonator === null;
	return (
		<div className="max-w-2xl space-y-6">
			<PageHeader title="Profile" description="How others see you." />
			<Card aria-labelledby="about-you">
				<CardHeader id="about-you" title="About you" />
				<CardBody>
					<ActionForm action={changeProfileAction}>
						<Field key={user.name} label="Name" name="name" defaultValue={user.name} autoComplete="name" required />
						<SubmitButton>Save</SubmitButton>
					</ActionForm>
				</CardBody>
			</Card>
			<EmailCard email={user.email} pending={mayChange ? await pendingEmail(session) : null} mayChange={mayChange} />
			{mayChange && <DeleteAccount email={user.email} />}
		</div>
	);
}
