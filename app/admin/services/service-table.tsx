import { Badge } from "@/app/_ui/badge";
import { ActionForm } from "@/app/_ui/form";
import { SubmitButton } from "@/app/_ui/submit-button";
import { Table, TBody, Td, THead, Th, Tr } from "@/app/_ui/table";
import { Time } from "@/app/_ui/time";
import type { ListedClient } from "@/lib/services/clients";
import { disableServiceClientAction, enableServiceClientAction } from "./actions";
import { NewSecret } from "./new-secret";

export function ServiceTable({ clients, mayManage }: { clients: ListedClient[]; mayManage: boolean }) {
	return (
		<Table label="Service clients">
			<THead>
				<Th>Service</Th>
				<Th>Scopes</Th>
				<Th>May call</Th>
				<Th>Proof</Th>
				<Th>Last used</Th>
				{mayManage && <Th hideLabel>Acts</Th>}
			</THead>
			<TBody>
				{clients.map((client) => (
					<Tr key={client.id}>
						<Td part="title">
							<p className="flex items-center gap-2 font-medium">
								<span className="truncate" title={client.name}>
									{client.name}
								</span>
								{client.disabledAt && <Badge tone="red">Disabled</Badge>}
							</p>
							<p className="truncate font-mono text-muted text-xs" title={client.id}>
								{client.id}
							</p>
						</Td>
						<Td label="Scopes" className="break-words font-mono text-xs">
							{client.scopes.join(" ")}
						</Td>
						<Td label="May call" className="break-all font-mono text-xs">
							{client.audiences.join(" ")}
						</Td>
						<Td label="Proof" className="text-muted">
							{client.proof === "keys" ? "Own keys" : "Secret"}
						</Td>
						<Td label="Last used" className="text-muted">
							{client.lastUsedAt ? <Time at={client.lastUsedAt} /> : "Never"}
						</Td>
						{mayManage && (
							<Td part="actions" align="end">
								<div className="flex justify-end gap-2">
									{client.proof === "secret" && <NewSecret client={client} />}
									<Switch client={client} />
								</div>
							</Td>
						)}
					</Tr>
				))}
			</TBody>
		</Table>
	);
}

function Switch({ client }: { client: ListedClient }) {
	return (
		<ActionForm action={client.disabledAt ? enableServiceClientAction : disableServiceClientAction}>
			<input type="hidden" name="clientId" value={client.id} />
			<SubmitButton variant="secondary" size="sm">
				{client.disabledAt ? "Enable" : "Disable"}
			</SubmitButton>
		</ActionForm>
	);
}
