import { ActionForm } from "@/app/_ui/form";
import { SubmitButton } from "@/app/_ui/submit-button";
import { continueAtProviderAction } from "./actions";

type Props = { providers: { id: string; name: string }[]; next: string };

/** A button for each identity provider; nothing when there is none. No provider is asked anything to show it. */
export function Providers({ providers, next }: Props) {
	if (providers.length === 0) return null;
	return (
		<div className="mt-6 space-y-3">
			<p className="flex items-center gap-3 text-faint text-xs before:h-px before:flex-1 before:bg-edge after:h-px after:flex-1 after:bg-edge">
				or
			</p>
			{providers.map(({ id, name }) => (
				<ActionForm key={id} action={continueAtProviderAction}>
					<input type="hidden" name="provider" value={id} />
					<input type="hidden" name="next" value={next} />
					<SubmitButton variant="secondary" className="w-full">
						Continue with {name}
					</SubmitButton>
				</ActionForm>
			))}
		</div>
	);
}
