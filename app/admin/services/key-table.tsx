import { Badge, type Tone } from "@/app/_ui/badge";
import { Table, TBody, Td, THead, Th, Tr } from "@/app/_ui/table";
import { Time } from "@/app/_ui/time";
import type { ListedKey } from "@/lib/services/keys";

const states: Record<ListedKey["state"], { tone: Tone; says: string }> = {
	next: { tone: "blue", says: "Next" },
	current: { tone: "green", says: "Signs now" },
	retiring: { tone: "neutral", says: "Retiring" },
};

export function KeyTable({ keys }: { keys: ListedKey[] }) {
	return (
		<Table label="Signing keys">
			<THead>
				<Th>Key</Th>
				<Th>State</Th>
				<Th>Signs from</Th>
				<Th>Published</Th>
			</THead>
			<TBody>
				{keys.map((key) => (
					<Tr key={key.id}>
						<Td part="title" className="font-mono text-xs">
							{key.id}
						</Td>
						<Td label="State">
							<Badge tone={states[key.state].tone}>{states[key.state].says}</Badge>
						</Td>
						<Td label="Signs from" className="text-muted">
							<Time at={key.signsFrom} format="datetime" />
						</Td>
						<Td label="Published" className="text-muted">
							<Time at={key.createdAt} format="datetime" />
						</Td>
					</Tr>
				))}
			</TBody>
		</Table>
	);
}
