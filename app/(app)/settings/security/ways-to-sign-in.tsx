import { KeyRound } from "lucide-react";
import { Card, CardBody, CardFooter, CardHeader } from "@/app/_ui/card";
import { ActionForm } from "@/app/_ui/form";
import { SubmitButton } from "@/app/_ui/submit-button";
import { Time } from "@/app/_ui/time";
import type { LinkedIdentity } from "@/lib/identities/link";
import { linkAtProviderAction, unlinkIdentityAction } from "./actions";

type Props = {
	identities: LinkedIdentity[];
	/** Those that can be linked. */
	providers: { id: string; name: string }[];
	mayAct: boolean;
};

/** The identities that the person signs in with beside their password, and how to add one. */
export function WaysToSignIn({ identities, providers, mayAct }: Props) {
	return (
		<Card aria-labelledby="identities">
			<CardHeader
				id="identities"
				title="Other ways to sign in"
				description="Accounts elsewhere that let you in here. We mail you whenever one is added or removed."
			/>
			{identities.length === 0 && <CardBody className="text-muted text-sm">None yet.</CardBody>}
			{identities.length > 0 && (
				<ul aria-label="Linked identities" className="divide-y border-t">
					{identities.map((identity) => (
						<Identity key={identity.id} identity={identity} mayAct={mayAct} />
					))}
				</ul>
			)}
			{mayAct && providers.length > 0 && (
				<CardFooter className="justify-start">
					{providers.map(({ id, name }) => (
						<ActionForm key={id} action={linkAtProviderAction}>
							<input type="hidden" name="provider" value={id} />
							<SubmitButton variant="secondary" size="sm">
								Link {name}
							</SubmitButton>
						</ActionForm>
					))}
				</CardFooter>
			)}
		</Card>
	);
}

function Identity({ identity, mayAct }: { identity: LinkedIdentity; mayAct: boolean }) {
	const { id, provider, email, linkedAt, lastUsedAt } = identity;
	return (
		<li className="flex flex-wrap items-center gap-x-4 gap-y-3 px-5 py-3.5 max-sm:px-4">
			<KeyRound className="size-5 shrink-0 text-muted" aria-hidden />
			<div className="min-w-0 flex-1 basis-48">
				<p className="break-words font-medium">{provider}</p>
				<p className="mt-0.5 break-words text-muted text-sm">
					{email && `${email} · `}linked <Time at={linkedAt} format="date" />
					{lastUsedAt && (
						<>
							{" "}
							· used <Time at={lastUsedAt} />
						</>
					)}
				</p>
			</div>
			{mayAct && (
				<ActionForm action={unlinkIdentityAction}>
					<input type="hidden" name="identityId" value={id} />
					<SubmitButton variant="secondary" size="sm" aria-label={`Unlink ${provider}`}>
						Unlink
					</SubmitButton>
				</ActionForm>
			)}
		</li>
	);
}
