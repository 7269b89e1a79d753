import { ActionForm } from "@/app/_ui/form";
import { SubmitButton } from "@/app/_ui/submit-button";
import type { ListedProvider } from "@/lib/identities/list-providers";
import { turnOnProviderAction } from "./actions";
import { ChangeProvider } from "./change-provider";
import { DeleteProvider } from "./delete-provider";
import { ShowAddresses } from "./show-addresses";
import { TurnOff } from "./turn-off";

/** What can be done with one: the configuration's are changed where they stand. */
export function ProviderActs({ provider, appUrl }: { provider: ListedProvider; appUrl: string }) {
	const { id, from, state } = provider;
	if (from === "configuration") {
		return (
			<div className="flex justify-end">
				<ShowAddresses provider={provider} appUrl={appUrl} />
			</div>
		);
	}
	return (
		<div className="flex justify-end gap-2 max-sm:flex-wrap">
			<ChangeProvider provider={provider} appUrl={appUrl} />
			{state === "off" ? (
				<>
					<ActionForm action={turnOnProviderAction}>
						<input type="hidden" name="id" value={id} />
						<SubmitButton variant="secondary" size="sm">
							Turn on
						</SubmitButton>
					</ActionForm>
					<DeleteProvider provider={provider} />
				</>
			) : (
				<TurnOff provider={provider} />
			)}
		</div>
	);
}
