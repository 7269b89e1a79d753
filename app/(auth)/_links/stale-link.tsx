import { ButtonLink } from "@/app/_ui/button";
import { STALE_LINK } from "@/lib/links/purposes";

/** What stands where a link led that does not work (any more), and the way to a new one. */
export function StaleLink({ again }: { again: { href: string; label: string } }) {
	return (
		<>
			<h1 className="font-semibold text-xl tracking-tight">This link no longer works</h1>
			<p className="mt-2 text-muted text-sm">{STALE_LINK}</p>
			<ButtonLink href={again.href} variant="primary" className="mt-6 w-full">
				{again.label}
			</ButtonLink>
		</>
	);
}
