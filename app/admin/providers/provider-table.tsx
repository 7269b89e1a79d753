import { Badge, type Tone } from "@/app/_ui/badge";
import { Table, TBody, Td, THead, Th, Tr } from "@/app/_ui/table";
import { Time } from "@/app/_ui/time";
import type { ListedProvider, ProviderState } from "@/lib/identities/list-providers";
import { ProviderActs } from "./provider-acts";

const states: Record<ProviderState, { tone: Tone; says: string; why?: string }> = {
	on: { tone: "green", says: "On" },
	off: { tone: "neutral", says: "Off" },
	overridden: { tone: "amber", says: "Overridden", why: "The configuration names one with this id or issuer." },
	unreadable: {
		tone: "red",
		says: "Secret unreadable",
		why: "SESSION_SECRET was replaced. Give the client secret again.",
	},
};

type Props = { providers: ListedProvider[]; mayManage: boolean; appUrl: string };

export function ProviderTable({ providers, mayManage, appUrl }: Props) {
	return (
		<Table label="Identity providers">
			<THead>
				<Th>Provider</Th>
				<Th>From</Th>
				<Th align="end">People</Th>
				<Th>Last sign-in</Th>
				<Th>State</Th>
				{mayManage && <Th hideLabel>Acts</Th>}
			</THead>
			<TBody>
				{providers.map((provider) => (
					<Tr key={`${provider.from} ${provider.id}`}>
						<Td part="title">
							<div className="min-w-0">
								<p className="truncate font-medium" title={provider.name}>
									{provider.name}
								</p>
								<p className="truncate font-mono text-muted text-xs" title={provider.issuer}>
									{provider.issuer}
								</p>
							</div>
						</Td>
						<Td label="From" className="text-muted">
							{provider.from === "console" ? "Console" : "Configuration"}
						</Td>
						<Td label="People" align="end" className="tabular-nums">
							{provider.people.toLocaleString("en")}
						</Td>
						<Td label="Last sign-in" className="whitespace-nowrap text-muted">
							{provider.lastUsedAt ? <Time at={provider.lastUsedAt} /> : "Never"}
						</Td>
						<Td label="State">
							<State state={provider.state} />
						</Td>
						{mayManage && (
							<Td part="actions" align="end">
								<ProviderActs provider={provider} appUrl={appUrl} />
							</Td>
						)}
					</Tr>
				))}
			</TBody>
		</Table>
	);
}

function State({ state }: { state: ProviderState }) {
	const { tone, says, why } = states[state];
	return (
		<Badge tone={tone} title={why}>
			{says}
		</Badge>
	);
}
