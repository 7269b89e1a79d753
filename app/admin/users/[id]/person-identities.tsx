import { Card, CardHeader } from "@/app/_ui/card";
import { Time } from "@/app/_ui/time";
import type { LinkedIdentity } from "@/lib/identities/link";

/** The identities that the person signs in with; nothing for people who have none. */
export function PersonIdentities({ identities }: { identities: LinkedIdentity[] }) {
	if (identities.length === 0) return null;
	return (
		<Card aria-labelledby="identities" className="mb-6">
			<CardHeader id="identities" title="Linked identities" description="They can sign in with these, too." />
			<ul aria-labelledby="identities" className="divide-y border-t">
				{identities.map(({ id, provider, email, linkedAt, lastUsedAt }) => (
					<li key={id} className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 px-5 py-3 text-sm max-sm:px-4">
						<span className="min-w-0 break-words font-medium">{provider}</span>
						{email && <span className="min-w-0 break-words text-muted">{email}</span>}
						<span className="text-muted sm:ml-auto">
							linked <Time at={linkedAt} format="date" />
							{lastUsedAt && (
								<>
									{" "}
									· used <Time at={lastUsedAt} />
								</>
							)}
						</span>
					</li>
				))}
			</ul>
		</Card>
	);
}
