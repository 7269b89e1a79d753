import type { ReactNode } from "react";

/** A page that is only a message: what happened, what it means, and a way back. */
export function MessagePage(props: { eyebrow?: string; title: string; text: ReactNode; actions: ReactNode }) {
	return (
		<div className="grid min-h-[70dvh] place-items-center px-6 py-16">
			<div className="max-w-md text-center">
				{props.eyebrow && <p className="font-medium font-mono text-faint text-sm">{props.eyebrow}</p>}
				<h1 className="mt-2 font-semibold text-2xl tracking-tight">{props.title}</h1>
				<div className="mt-3 text-muted">{props.text}</div>
				<div className="mt-7 flex flex-wrap justify-center gap-2">{props.actions}</div>
			</div>
		</div>
	);
}
