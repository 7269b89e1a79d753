"use client";

import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { cx } from "@/app/_ui/cx";
import Link from "@/app/_ui/link";

export type NavSection = { label?: string; items: { href: string; label: string; icon: ReactNode }[] };

/** The links of the shell; the one that leads here is marked for the eye and for screen readers. */
export function SidebarNav({ sections, onNavigate }: { sections: NavSection[]; onNavigate?: () => void }) {
	const path = usePathname();
	const here = closest(path, sections);
	return (
		<nav aria-label="Main" className="space-y-5 py-1">
			{sections.map((section) => (
				<div key={section.label ?? section.items[0]?.href}>
					{section.label && <p className="mb-1 px-2 font-medium text-faint text-xs">{section.label}</p>}
					<ul className="space-y-px">
						{section.items.map((item) => (
							<li key={item.href}>
								<Link
									href={item.href}
									onClick={onNavigate}
									aria-current={item.href === here ? "page" : undefined}
									className={cx(
										"flex h-8 items-center gap-2.5 rounded-md px-2 text-muted text-sm transition-colors touch:h-11 [&_svg]:size-4 [&_svg]:shrink-0",
										"hover:bg-wash hover:text-ink focus-visible:-outline-offset-2",
										"aria-[current]:bg-wash aria-[current]:font-medium aria-[current]:text-ink",
									)}
								>
									{item.icon}
									<span className="truncate">{item.label}</span>
								</Link>
							</li>
						))}
					</ul>
				</div>
			))}
		</nav>
	);
}

/** The longest link that `path` lies under, so that `/admin/users/7` marks Users and not the Overview. */
function closest(path: string, sections: NavSection[]): string | undefined {
	return sections
		.flatMap((section) => section.items.map((item) => item.href))
		.filter((href) => path === href || path.startsWith(`${href}/`))
		.sort((one, other) => other.length - one.length)[0];
}
