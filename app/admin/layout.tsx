/** The frame of the console. Each page in it asks for its own permission. */
import { ArrowLeft, Gauge, IdCard, KeyRound, MonitorSmartphone, ScrollText, Users } from "lucide-react";
import type { Metadata } from "next";
import type { ReactNode } from "react";
import { type GuardedSection, SignedInFrame } from "@/app/_frame/signed-in-frame";
import { Brand } from "@/app/_ui/brand";

export const metadata: Metadata = { title: { default: "Console", template: "%s · Kickoff console" } };

const sections: GuardedSection[] = [
	{
		items: [
			{ href: "/admin", label: "Overview", icon: <Gauge /> },
			{ href: "/admin/users", label: "Users", icon: <Users /> },
			{ href: "/admin/sessions", label: "Sessions", icon: <MonitorSmartphone /> },
			{ href: "/admin/audit", label: "Audit log", icon: <ScrollText /> },
			{ href: "/admin/services", label: "Services", icon: <KeyRound />, permission: "services.view" },
			{ href: "/admin/providers", label: "Providers", icon: <IdCard />, permission: "providers.view" },
		],
	},
	{ label: "Product", items: [{ href: "/dashboard", label: "Back to the app", icon: <ArrowLeft /> }] },
];

export default function ConsoleLayout({ children }: { children: ReactNode }) {
	return (
		<SignedInFrame brand={<Brand href="/admin" suffix="Console" />} sections={sections}>
			{children}
		</SignedInFrame>
	);
}
