import { ChevronLeft, ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { Button, ButtonLink } from "@/app/_ui/button";

type Props = { label?: string; previousHref?: string; nextHref?: string; summary?: ReactNode };

/** The way to the previous and the next page of a list. Without either there is nothing to show but the summary. */
export function Pager({ label = "Pages", previousHref, nextHref, summary }: Props) {
	return (
		<nav aria-label={label} className="flex w-full flex-wrap items-center justify-between gap-3">
			<p className="text-muted text-sm tabular-nums">{summary}</p>
			{(previousHref || nextHref) && (
				<div className="flex gap-2">
					<Step href={previousHref}>
						<ChevronLeft aria-hidden /> Previous
					</Step>
					<Step href={nextHref}>
						Next <ChevronRight aria-hidden />
					</Step>
				</div>
			)}
		</nav>
	);
}

function Step({ href, children }: { href?: string; children: ReactNode }) {
	if (!href) {
		return (
			<Button size="sm" disabled>
				{children}
			</Button>
		);
	}
	return (
		<ButtonLink size="sm" href={href}>
			{children}
		</ButtonLink>
	);
}
