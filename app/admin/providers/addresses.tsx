import { CopyField } from "@/app/_ui/copy-field";
import { addressesAt } from "@/lib/identities/addresses";

/** What has to be registered at the provider before anybody can come back from there. */
export function Addresses({ appUrl, id }: { appUrl: string; id: string }) {
	const { callback, backChannelLogout, signedOut } = addressesAt(appUrl, id);
	return (
		<div className="space-y-3">
			<CopyField label="Callback URL" text={callback} />
			<CopyField label="Back-channel logout URL" text={backChannelLogout} />
			<CopyField label="Post-logout redirect URL" text={signedOut} />
		</div>
	);
}
