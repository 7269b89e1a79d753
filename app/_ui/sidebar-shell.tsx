/**
 * The frame of the product and of the console: a sidebar on wide screens, a bar with a sheet on narrow ones. Dumb on
 * purpose: the layouts fetch the person and pass everything in.
 */
import type { ReactNode } from "react";
import { Brand } from "@/app/_ui/brand";
import { cx } from "@/app/_ui/cx";
import { type NavSection, SidebarNav } from "@/app/_ui/sidebar-nav";
import { SidebarSheet } from "@/app/_ui/sidebar-sheet";

type Props = {
	/** Usually `<Brand href="/dashboard" />`. */
	brand?: ReactNode;
	sections: NavSection[];
	/** The account menu. */
	footer: ReactNode;
	/** A `Banner` that spans the page above everything else and stays in sight; null for none. */
	banner?: ReactNode;
	/** Whose page this is (an id). What was typed into a form is only ever given back to the same account. */
	accountId?: string;
	children: ReactNode;
};

export function SidebarShell({ brand = <Brand />, sections, footer, banner, accountId, children }: Props) {
	return (
		<div
			data-account={accountId}
			className={cx(
				"flex min-h-dvh flex-col",
				banner ? "[--banner:2.75rem] max-sm:[--banner:3.5rem]" : "[--banner:0px]",
			)}
		>
			<a href="#main" className={skipLink}>
				Skip to content
			</a>
			{banner && <div className="sticky top-0 z-30 h-(--banner)">{banner}</div>}
			<div className="flex flex-1 flex-col lg:flex-row">
				<header className={bar}>
					<div className="lg:hidden">
						<SidebarSheet brand={brand} sections={sections} />
					</div>
					<div className="flex min-w-0 flex-1 items-center lg:h-14 lg:flex-none lg:px-2">{brand}</div>
					<div className="min-h-0 flex-1 overflow-y-auto max-lg:hidden">
						<SidebarNav sections={sections} />
					</div>
					{footer}
				</header>
				<main id="main" tabIndex={-1} className="min-w-0 flex-1 outline-none">
					<div className="mx-auto w-full max-w-7xl px-4 py-6 sm:px-6 lg:py-9 xl:px-10">{children}</div>
				</main>
			</div>
		</div>
	);
}

const skipLink =
	"sr-only rounded-md bg-accent px-3 py-2 font-medium text-on-accent focus:not-sr-only focus:fixed focus:start-3 focus:top-3 focus:z-50";

const bar =
	"sticky top-(--banner) z-20 flex h-14 items-center gap-1 border-b bg-canvas/90 px-3 backdrop-blur-md lg:h-[calc(100dvh-var(--banner))] lg:w-52 lg:shrink-0 xl:w-60 lg:flex-col lg:items-stretch lg:border-e lg:border-b-0 lg:bg-transparent lg:pb-3 lg:backdrop-blur-none";
