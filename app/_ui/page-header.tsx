import type { ReactNode } from "react";

/** The top of a page: its one `h1`, a sentence, and what can be done here. `back` is a link above the title. */
export function PageHeader(props: {
	title: ReactNode;
	description?: ReactNode;
	actions?: ReactNode;
	back?: ReactNode;
}) {
	return (
		<header className="mb-6 flex flex-wrap items-center justify-between gap-x-6 gap-y-4">
			<div className="min-w-0 max-w-full">
				{props.back && <div className="mb-2 text-muted text-sm">{props.back}</div>}
				<h1 className="break-words font-semibold text-xl tracking-tight">{props.title}</h1>
				{props.description && <p className="mt-1 text-muted">{props.description}</p>}
			</div>
			{props.actions && <div className="flex flex-wrap items-center gap-2">{props.actions}</div>}
		</header>
	);
}
