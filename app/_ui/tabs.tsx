"use client";

import { usePathname } from "next/navigation";
import Link from "@/app/_ui/link";

type Tab = {
	href: string;
	label: string;
	count?: number;
	/** Where the tabs differ in their query only, say which one is open; otherwise the path decides. */
	current?: boolean;
};

/** Tabs that are links, each to an address of its own. `label` names them for screen readers. */
export function LinkTabs({ label, tabs }: { label: string; tabs: Tab[] }) {
	const path = usePathname();
	return (
		<nav aria-label={label} className="mb-5 overflow-x-auto border-b">
			<ul className="flex gap-5">
				{tabs.map((tab) => (
					<li key={tab.href}>
						<Link
							href={tab.href}
							scroll={false}
							aria-current={(tab.current ?? path === tab.href) ? "page" : undefined}
							className={look}
						>
							{tab.label}
							{tab.count !== undefined && (
								<span className="rounded-full bg-sunken px-1.5 text-muted text-xs tabular-nums">
									{tab.count.toLocaleString("en")}
								</span>
							)}
						</Link>
					</li>
				))}
			</ul>
		</nav>
	);
}

const look =
	"flex h-9 items-center gap-2 whitespace-nowrap border-transparent border-b-2 text-muted text-sm transition-colors hover:text-ink focus-visible:-outline-offset-2 aria-[current]:border-accent aria-[current]:font-medium aria-[current]:text-ink touch:h-11";
