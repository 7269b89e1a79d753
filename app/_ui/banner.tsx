import type { ReactNode } from "react";
import { cx } from "@/app/_ui/cx";

const tones = { warning: "bg-amber-soft text-amber", info: "bg-accent-soft text-link" };

type Props = { label: string; tone?: keyof typeof tones; icon?: ReactNode; children: ReactNode; actions?: ReactNode };

/** A strip above the page that concerns all of it, for example "Impersonation"; `label` names the region. */
export function Banner({ label, tone = "warning", icon, children, actions }: Props) {
	return (
		<section
			aria-label={label}
			className={cx("flex h-full items-center justify-center gap-3 border-b px-4 text-sm [&_svg]:size-4", tones[tone])}
		>
			{icon}
			<div className="min-w-0 truncate">{children}</div>
			{actions}
		</section>
	);
}
