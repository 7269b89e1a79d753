/** A message in the flow of the page. A failure is announced at once, everything else politely. */
import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "@/app/_ui/cx";

const icons = { info: Info, success: CircleCheck, warning: TriangleAlert, error: CircleAlert };

const tones = {
	info: "bg-blue-soft text-blue",
	success: "bg-green-soft text-green",
	warning: "bg-amber-soft text-amber",
	error: "bg-red-soft text-red",
};

type Props = { tone?: keyof typeof tones; title?: ReactNode; children?: ReactNode; className?: string };

export function Alert({ tone = "info", title, children, className }: Props) {
	const Icon = icons[tone];
	return (
		<div
			role={tone === "error" ? "alert" : "status"}
			className={cx("flex gap-2.5 rounded-lg px-3.5 py-3 text-sm", tones[tone], className)}
		>
			<Icon className="mt-0.5 size-4 shrink-0" aria-hidden />
			<div className="min-w-0 break-words">
				{title && <p className="font-medium">{title}</p>}
				{children}
			</div>
		</div>
	);
}
