/**
 * The frame around every signed-in page, of the product and of the console: navigation, account, the watch over the
 * session, step-up. It shows who is there; it guards nothing, because layouts do not run again on navigation.
 */
import type { ReactNode } from "react";
import { AccountMenu } from "@/app/_ui/account-menu";
import { SessionWatch } from "@/app/_ui/session-watch";
import type { NavSection } from "@/app/_ui/sidebar-nav";
import { SidebarShell } from "@/app/_ui/sidebar-shell";
import { allows } from "@/lib/permissions/matrix";
import { currentSession } from "@/lib/session/current";
import { identityOf } from "@/lib/session/identity";
import { ImpersonationBanner } from "./impersonation-banner";
import { Proving } from "./proving";

type Props = { brand: ReactNode; sections: NavSection[]; children: ReactNode };

export async function SignedInFrame({ brand, sections, children }: Props) {
	const session = await currentSession();
	// Without a session the page inside redirects or refuses; there is nothing to frame.
	if (!session) return children;
	const { user, impersonator } = session;
	return (
		<SidebarShell
			brand={brand}
			sections={sections}
			accountId={user.id}
			banner={
				impersonator && <ImpersonationBanner target={user} impersonator={impersonator} expiresAt={session.expiresAt} />
			}
			footer={<AccountMenu {...user} canSeeConsole={allows(user.role, "console.view", impersonator !== null)} />}
		>
			<SessionWatch shown={identityOf(session)} />
			<Proving>{children}</Proving>
		</SidebarShell>
	);
}
