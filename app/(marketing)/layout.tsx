/** The frame of the public pages: a bar above, a line below. It asks for nobody's session, so it is the same for all. */
import type { ReactNode } from "react";
import { Brand } from "@/app/_ui/brand";
import { ButtonLink } from "@/app/_ui/button";
import Link from "@/app/_ui/link";

export default function MarketingLayout({ children }: { children: ReactNode }) {
	return (
		<div className="flex min-h-dvh flex-col">
			<header className="sticky top-0 z-20 border-transparent border-b bg-canvas/85 backdrop-blur-md">
				<nav aria-label="Main" className="mx-auto flex h-15 max-w-6xl items-center gap-1 px-4 sm:px-6">
					<Brand className="me-auto" />
					<ButtonLink href="/pricing" variant="ghost" className="max-sm:px-2">
						Pricing
					</ButtonLink>
					<ButtonLink href="/sign-in" variant="ghost" className="max-sm:px-2">
						Sign in
					</ButtonLink>
					<ButtonLink href="/sign-up" variant="primary" className="ms-1.5 max-[25rem]:hidden">
						Create account
					</ButtonLink>
				</nav>
			</header>
			<main className="flex-1">{children}</main>
			<footer className="border-t">
				<div className="mx-auto flex max-w-6xl flex-wrap items-center justify-between gap-x-8 gap-y-3 px-4 py-8 text-muted text-sm sm:px-6">
					<p>Kickoff is free to use and to change, under the MIT licence.</p>
					<ul className="flex flex-wrap gap-x-6">
						{links.map(([href, label]) => (
							<li key={href}>
								<Link href={href} className="inline-flex items-center rounded-sm hover:text-ink touch:min-h-11">
									{label}
								</Link>
							</li>
						))}
					</ul>
				</div>
			</footer>
		</div>
	);
}

const links = [
	["/", "Start"],
	["/pricing", "Pricing"],
	["/sign-in", "Sign in"],
	["/sign-up", "Create account"],
] as const;
