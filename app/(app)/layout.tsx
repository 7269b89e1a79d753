/** The frame of the signed-in product. */
import { LayoutDashboard, ShieldCheck, UserRound } from "lucide-react";
import type { ReactNode } from "react";
import { SignedInFrame } from "@/app/_frame/signed-in-frame";
import { Brand } from "@/app/_ui/brand";

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

export default function ProductLayout({ children }: { children: ReactNode }) {
	return (
		<SignedInFrame brand={<Brand href="/dashboard" />} sections={sections}>
			{children}
		</SignedInFrame>
	);
}
