/**
 * The frame around every signed-in page, of the product and of the console: navigation, account, the watch over the
 * session, step-up. It shows who is there; it guards nothing, because layouts do not run again on navigation.
 */
import type { ReactNode } from "react";
import { AccountMenu } from "@/app/_ui/account-menu";
import { SessionWatch } from "@/app/_ui/session-watch";
import type { NavSection } from "@/app/_ui/sidebar-nav";
import { SidebarShell } from "@/app/_ui/sidebar-shell";
import { allows, type Permission } from "@/lib/permissions/matrix";
import { currentSession } from "@/lib/session/current";
import { identityOf } from "@/lib/session/identity";
import { ImpersonationBanner } from "./impersonation-banner";
import { Proving } from "./proving";

/** An item with a permission is shown to those who have it. */
export type GuardedSection = Omit<NavSection, "items"> & {
	items: (NavSection["items"][number] & { permission?: Permission })[];
};

type Props = { brand: ReactNode; sections: GuardedSection[]; children: ReactNode };

export async function SignedInFrame({ brand, sections, children }: Props) {
	const session = await currentSession();
	// Without a session the page inside redirects or refuses; there is nothing to frame.
	if (!session) return children;
	const { user, impersonator } = session;
	const may = (permission: Permission) => allows(user.role, permission, impersonator !== null);
	const shown = sections.map(({ items, ...section }) => ({
		...section,
		items: items.flatMap(({ permission, ...item }) => (permission && !may(permission) ? [] : [item])),
	}));
	return (
		<SidebarShell
			brand={brand}
			sections={shown}
			accountId={user.id}
			banner={
				impersonator && <ImpersonationBanner target={user} impersonator={impersonator} expiresAt={session.expiresAt} />
			}
			footer={<AccountMenu {...user} canSeeConsole={may("console.view")} />}
		>
			<SessionWatch shown={identityOf(session)} />
			<Proving>{children}</Proving>
		</SidebarShell>
	);
}
