/** Where the person is signed in, who acted as them, and the ways in which they sign in. */
import type { Metadata } from "next";
import { Alert } from "@/app/_ui/alert";
import { Card, CardBody, CardHeader } from "@/app/_ui/card";
import { ActionForm } from "@/app/_ui/form";
import { PageHeader } from "@/app/_ui/page-header";
import { SubmitButton } from "@/app/_ui/submit-button";
import { type LinkedIdentity, listIdentities, waysToProve } from "@/lib/identities/link";
import { type Provider, providers } from "@/lib/identities/providers";
import { explainRefusal } from "@/lib/identities/refusals";
import { requirePage } from "@/lib/session/current";
import { listOwnSessions, listPastImpersonations } from "@/lib/session/own";
import { mailPasswordLinkAction, signOutOtherDevicesAction } from "./actions";
import { DeviceList } from "./device-list";
import { PasswordForm } from "./password-form";
import { PastImpersonations } from "./past-impersonations";
import { WaysToSignIn } from "./ways-to-sign-in";

export const metadata: Metadata = { title: "Security" };

export default async function SecurityPage({ searchParams }: PageProps<"/settings/security">) {
	const session = await requirePage("own-sessions.view", "/settings/security");
	const [devices, impersonations, identities, { password }, offered] = await Promise.all([
		listOwnSessions(session),
		listPastImpersonations(session),
		listIdentities(session.user.id),
		waysToProve(session.user.id),
		providers(),
	]);
	const { refused, done } = await searchParams;
	const refusal = explainRefusal(refused);
	const mayAct = session.impersonator === null;
	return (
		<div className="max-w-3xl space-y-6">
			<PageHeader title="Security" description="Where you are signed in, and how you prove that it is you." />
			{refusal && <Alert tone="error">{refusal}</Alert>}
			{!refusal && done === "linked" && (
				<Alert tone="success">It is linked. You can sign in with it from now on.</Alert>
			)}
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
			{mayAct && password && (
				<Card aria-labelledby="password">
					<CardHeader id="password" title="Password" description="Changing it signs out all your other devices." />
					<CardBody>
						<PasswordForm email={session.user.email} />
					</CardBody>
				</Card>
			)}
			{mayAct && !password && <NoPassword />}
			{(identities.length > 0 || offered.length > 0) && (
				<WaysToSignIn identities={identities} providers={notLinked(offered, identities)} mayAct={mayAct} />
			)}
		</div>
	);
}

/** The providers that can be linked. Nothing of their settings but the names: the rest is secret. */
function notLinked(offered: Provider[], identities: LinkedIdentity[]): { id: string; name: string }[] {
	const others = offered.filter(({ id }) => identities.every(({ providerId }) => providerId !== id));
	return others.map(({ id, name }) => ({ id, name }));
}

function NoPassword() {
	return (
		<Card aria-labelledby="password">
			<CardHeader
				id="password"
				title="Password"
				description="You have none. Setting one signs you out everywhere, and then you sign in with it."
				actions={
					<ActionForm action={mailPasswordLinkAction}>
						<SubmitButton variant="secondary" size="sm">
							Mail me a link to set one
						</SubmitButton>
					</ActionForm>
				}
			/>
		</Card>
	);
}
