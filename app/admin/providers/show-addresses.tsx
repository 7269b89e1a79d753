import { Button } from "@/app/_ui/button";
import { Dialog } from "@/app/_ui/dialog";
import { Addresses } from "./addresses";

/** For a provider of the configuration, whose settings are changed there. */
export function ShowAddresses({ provider, appUrl }: { provider: { id: string; name: string }; appUrl: string }) {
	return (
		<Dialog
			trigger={<Button size="sm">Addresses</Button>}
			title={provider.name}
			description="Register these addresses there. Everything else is in OIDC_PROVIDERS, and changes with a restart."
		>
			<Addresses appUrl={appUrl} id={provider.id} />
		</Dialog>
	);
}
