/** A sheet of paper on the canvas, with an optional head and foot. */
import type { ComponentProps, ReactNode } from "react";
import { cx } from "@/app/_ui/cx";

export function Card({ className, ...props }: ComponentProps<"section">) {
	return <section className={cx("rounded-lg border bg-surface shadow-card", className)} {...props} />;
}

/** Gives the card its `h2`; pass `id` and set the card's `aria-labelledby` to it to make the card a region. */
export function CardHeader(props: { title: ReactNode; description?: ReactNode; actions?: ReactNode; id?: string }) {
	return (
		<div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-5 pt-4 pb-3 max-sm:px-4">
			<div className="min-w-0">
				<h2 id={props.id} className="font-semibold text-base">
					{props.title}
				</h2>
				{props.description && <p className="mt-0.5 text-muted text-sm">{props.description}</p>}
			</div>
			{props.actions && <div className="flex flex-wrap items-center gap-2">{props.actions}</div>}
		</div>
	);
}

export function CardBody({ className, ...props }: ComponentProps<"div">) {
	return <div className={cx("px-5 pb-5 first:pt-5 max-sm:px-4", className)} {...props} />;
}

export function CardFooter({ className, ...props }: ComponentProps<"div">) {
	return (
		<div
			className={cx(
				"flex flex-wrap items-center justify-between gap-3 border-t px-5 py-3 text-muted text-sm max-sm:px-4",
				className,
			)}
			{...props}
		/>
	);
}
