import type { ReactNode } from "react";

/** Nothing here: why, and what to do about it. */
export function EmptyState(props: { icon?: ReactNode; title: string; text?: ReactNode; action?: ReactNode }) {
	return (
		<div className="flex flex-col items-center px-6 py-14 text-center">
			{props.icon && (
				<div className="mb-4 grid size-10 place-items-center rounded-lg border bg-surface text-muted shadow-control [&_svg]:size-5">
					{props.icon}
				</div>
			)}
			<p className="font-medium">{props.title}</p>
			{props.text && <p className="mt-1 max-w-sm text-muted text-sm">{props.text}</p>}
			{props.action && <div className="mt-4">{props.action}</div>}
		</div>
	);
}
