/** Where the person is signed in, who acted as them, and their password. */
import type { Metadata } from "next";
import { Card, CardBody, CardHeader } from "@/app/_ui/card";
import { ActionForm } from "@/app/_ui/form";
import { PageHeader } from "@/app/_ui/page-header";
import { SubmitButton } from "@/app/_ui/submit-button";
import { requirePage } from "@/lib/session/current";
import { listOwnSessions, listPastImpersonations } from "@/lib/session/own";
import { signOutOtherDevicesAction } from "./actions";
import { DeviceList } from "./device-list";
import { PasswordForm } from "./password-form";
import { PastImpersonations } from "./past-impersonations";

export const metadata: Metadata = { title: "Security" };

export default async function SecurityPage() {
	const session = await requirePage("own-sessions.view", "/settings/security");
	const [devices, impersonations] = await Promise.all([listOwnSessions(session), listPastImpersonations(session)]);
	const mayAct = session.impersonator === null;
	return (
		<div className="max-w-3xl space-y-6">
			<PageHeader title="Security" description="Where you are signed in, and how you prove that it is you." />
			<Card aria-labelledby="devices">
				<CardHeader
					id="devices"
					title="Your devices"
					description="Signing a device out holds from its next click on."
					actions={
						mayAct &&
						devices.length > 1 && (
							<ActionForm action={signOutOtherDevicesAction}>
								<SubmitButton variant="secondary" size="sm">
									Sign out all others
								</SubmitButton>
							</ActionForm>
						)
					}
				/>
				<DeviceList devices={devices} mayAct={mayAct} />
			</Card>
			{impersonations.length > 0 && <PastImpersonations impersonations={impersonations} />}
			{mayAct && (
				<Card aria-labelledby="password">
					<CardHeader id="password" title="Password" description="Changing it signs out all your other devices." />
					<CardBody>
						<PasswordForm email={session.user.email} />
					</CardBody>
				</Card>
			)}
		</div>
	);
}
