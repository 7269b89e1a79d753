import type { Metadata } from "next";
import { Card, CardBody, CardHeader } from "@/app/_ui/card";
import { Field } from "@/app/_ui/field";
import { ActionForm } from "@/app/_ui/form";
import { PageHeader } from "@/app/_ui/page-header";
import { SubmitButton } from "@/app/_ui/submit-button";
import { requirePage } from "@/lib/session/current";
import { changeProfileAction } from "./actions";
import { DeleteAccount } from "./delete-account";

export const metadata: Metadata = { title: "Profile" };

export default async function ProfilePage() {
	const { user, impersonator } = await requirePage("product.use", "/settings/profile");
	return (
		<div className="max-w-2xl space-y-6">
			<PageHeader title="Profile" description="How others see you." />
			<Card aria-labelledby="about-you">
				<CardHeader id="about-you" title="About you" />
				<CardBody>
					<ActionForm action={changeProfileAction}>
						<Field key={user.name} label="Name" name="name" defaultValue={user.name} autoComplete="name" required />
						<Field
							label="Email"
							name="email-shown"
							defaultValue={user.email}
							hint="You sign in with this address."
							readOnly
							disabled
						/>
						<SubmitButton>Save</SubmitButton>
					</ActionForm>
				</CardBody>
			</Card>
			{impersonator === null && <DeleteAccount email={user.email} />}
		</div>
	);
}
