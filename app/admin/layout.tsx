/** The frame of the console. Each page in it asks for its own permission. */
import { ArrowLeft, Gauge, MonitorSmartphone, ScrollText, Users } from "lucide-react";
import type { Metadata } from "next";
import type { ReactNode } from "react";
import { proveIdentityAction } from "@/app/_proof/actions";
import { AccountMenu } from "@/app/_ui/account-menu";
import { Brand } from "@/app/_ui/brand";
import { SessionWatch } from "@/app/_ui/session-watch";
import { SidebarShell } from "@/app/_ui/sidebar-shell";
import { StepUp } from "@/app/_ui/step-up";
import { currentSession } from "@/lib/session/current";

export const metadata: Metadata = { title: { default: "Console", template: "%s · Kickoff console" } };

const sections = [
	{
		items: [
			{ href: "/admin", label: "Overview", icon: <Gauge /> },
			{ href: "/admin/users", label: "Users", icon: <Users /> },
			{ href: "/admin/sessions", label: "Sessions", icon: <MonitorSmartphone /> },
			{ href: "/admin/audit", label: "Audit log", icon: <ScrollText /> },
		],
	},
	{ label: "Product", items: [{ href: "/dashboard", label: "Back to the app", icon: <ArrowLeft /> }] },
];

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
	const session = await currentSession();
	if (!session) return children;
	return (
		<SidebarShell
			brand={<Brand href="/admin" suffix="Console" />}
			sections={sections}
			accountId={session.user.id}
			footer={<AccountMenu {...session.user} canSeeConsole />}
		>
			<SessionWatch sessionId={session.id} />
			<StepUp action={proveIdentityAction}>{children}</StepUp>
		</SidebarShell>
	);
}
