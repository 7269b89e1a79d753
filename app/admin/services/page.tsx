/** Other programs of ours: which may get tokens, for whom, and the keys that sign them. */
import { KeyRound } from "lucide-react";
import type { Metadata } from "next";
import { Card, CardHeader } from "@/app/_ui/card";
import { EmptyState } from "@/app/_ui/empty";
import { PageHeader } from "@/app/_ui/page-header";
import { allows } from "@/lib/permissions/matrix";
import { listServiceClients } from "@/lib/services/clients";
import { listSigningKeys } from "@/lib/services/keys";
import { requirePage } from "@/lib/session/current";
import { KeyActs } from "./key-acts";
import { KeyTable } from "./key-table";
import { NewService } from "./new-service";
import { ServiceTable } from "./service-table";

export const metadata: Metadata = { title: "Services" };

export default async function ServicesPage() {
	const { user } = await requirePage("services.view", "/admin/services");
	const [clients, keys] = await Promise.all([listServiceClients(), listSigningKeys()]);
	const mayManage = allows(user.role, "services.manage");
	return (
		<>
			<PageHeader
				title="Services"
				description="Programs that call each other with tokens of five minutes, checked by our public keys alone."
				actions={mayManage && <NewService />}
			/>
			<Card>
				{clients.length === 0 ? (
					<EmptyState
						icon={<KeyRound />}
						title="No service has an account yet"
						text="A service client gets tokens for the services that it may call, with a secret or with keys of its own."
					/>
				) : (
					<ServiceTable clients={clients} mayManage={mayManage} />
				)}
			</Card>
			<Card className="mt-6" aria-labelledby="keys">
				<CardHeader
					id="keys"
					title="Signing keys"
					description="Published at /.well-known/jwks.json before they sign, and until their last token has expired."
					actions={mayManage && <KeyActs />}
				/>
				{keys.length === 0 ? (
					<EmptyState title="No key yet" text="The first one is made with the first token." />
				) : (
					<KeyTable keys={keys} />
				)}
			</Card>
		</>
	);
}
