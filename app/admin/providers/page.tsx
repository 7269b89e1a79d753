/** With which identity providers people may sign in: those of the configuration, and those that owners add here. */
import { IdCard } from "lucide-react";
import type { Metadata } from "next";
import { Card } from "@/app/_ui/card";
import { EmptyState } from "@/app/_ui/empty";
import { PageHeader } from "@/app/_ui/page-header";
import { environment } from "@/lib/environment";
import { listProviders } from "@/lib/identities/list-providers";
import { allows } from "@/lib/permissions/matrix";
import { requirePage } from "@/lib/session/current";
import { AddProvider } from "./add-provider";
import { ProviderTable } from "./provider-table";

export const metadata: Metadata = { title: "Providers" };

export default async function ProvidersPage() {
	const { user } = await requirePage("providers.view", "/admin/providers");
	const providers = await listProviders();
	const mayManage = allows(user.role, "providers.manage");
	const appUrl = environment().APP_URL;
	return (
		<>
			<PageHeader
				title="Identity providers"
				description="Where people may prove who they are, instead of with a password. One that is turned off brings nobody in from the next click on."
				actions={mayManage && <AddProvider appUrl={appUrl} />}
			/>
			<Card>
				{providers.length === 0 ? (
					<EmptyState
						icon={<IdCard />}
						title="Everybody signs in with a password"
						text="Add the OpenID Connect provider that your people use already, such as Google, Microsoft, Okta or Keycloak."
						action={mayManage && <AddProvider appUrl={appUrl} />}
					/>
				) : (
					<ProviderTable providers={providers} mayManage={mayManage} appUrl={appUrl} />
				)}
			</Card>
		</>
	);
}
