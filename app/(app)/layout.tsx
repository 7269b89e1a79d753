/** The frame of the signed-in product. It shows who is there; it guards nothing, because layouts do not run again. */
import { LayoutDashboard, ShieldCheck, UserRound } from "lucide-react";
import type { ReactNode } from "react";
import { proveIdentityAction } from "@/app/_proof/actions";
import { AccountMenu } from "@/app/_ui/account-menu";
import { Brand } from "@/app/_ui/brand";
import { SessionWatch } from "@/app/_ui/session-watch";
import { SidebarShell } from "@/app/_ui/sidebar-shell";
import { StepUp } from "@/app/_ui/step-up";
import { allows } from "@/lib/permissions/matrix";
import { currentSession } from "@/lib/session/current";

const sections = [
	{ items: [{ href: "/dashboard", label: "Dashboard", icon: <LayoutDashboard /> }] },
	{
		label: "Settings",
		items: [
			{ href: "/settings/profile", label: "Profile", icon: <UserRound /> },
			{ href: "/settings/security", label: "Security", icon: <ShieldCheck /> },
		],
	},
];

export default async function ProductLayout({ children }: { children: ReactNode }) {
	const session = await currentSession();
	if (!session) return children;
	const canSeeConsole = allows(session.user.role, "console.view", session.impersonator !== null);
	return (
		<SidebarShell
			brand={<Brand href="/dashboard" />}
			sections={sections}
			accountId={session.user.id}
			footer={<AccountMenu {...session.user} canSeeConsole={canSeeConsole} />}
		>
			<SessionWatch sessionId={session.id} />
			<StepUp action={proveIdentityAction}>{children}</StepUp>
		</SidebarShell>
	);
}
