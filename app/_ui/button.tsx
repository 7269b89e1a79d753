/** Buttons, and links that look like them. Neither needs the client by itself. */
import type { ComponentProps, MouseEvent } from "react";
import { cx } from "@/app/_ui/cx";
import Link from "@/app/_ui/link";
import { Spinner } from "@/app/_ui/spinner";

type Look = { variant?: "primary" | "secondary" | "ghost" | "danger"; size?: "sm" | "md" | "icon" };

export type ButtonProps = ComponentProps<"button"> & Look & { pending?: boolean };

/** `pending` shows a spinner in place of the label; the width, the accessible name and the focus stay. */
export function Button({ variant, size, pending, className, children, onClick, type, ...props }: ButtonProps) {
	return (
		<button
			type={type ?? "button"}
			aria-disabled={pending || undefined}
			onClick={pending ? swallow : onClick}
			className={look({ variant, size }, className)}
			{...props}
		>
			<span className={cx("inline-flex min-w-0 items-center gap-1.5", pending && "opacity-0")}>{children}</span>
			{pending && <Spinner className="absolute" />}
		</button>
	);
}

/** A link with the look of a button. */
export function ButtonLink({ variant, size, className, children, ...props }: ComponentProps<typeof Link> & Look) {
	return (
		<Link className={look({ variant, size }, className)} {...props}>
			<span className="inline-flex min-w-0 items-center gap-1.5">{children}</span>
		</Link>
	);
}

/** A button that were truly disabled while pending would drop the focus; this one only ignores the second click. */
function swallow(event: MouseEvent) {
	event.preventDefault();
}

function look({ variant = "secondary", size = "md" }: Look, className?: string) {
	return cx(
		"relative inline-flex shrink-0 select-none items-center justify-center rounded-md font-medium text-sm transition-colors duration-100",
		"whitespace-nowrap disabled:opacity-50 aria-disabled:cursor-default [&_svg]:size-4 [&_svg]:shrink-0",
		{
			primary: "bg-accent text-on-accent shadow-control hover:not-disabled:bg-accent-strong",
			secondary: "border border-edge bg-surface text-ink shadow-control hover:not-disabled:bg-sunken",
			ghost: "text-muted hover:not-disabled:bg-wash hover:not-disabled:text-ink",
			danger: "bg-red-fill text-on-accent shadow-control hover:not-disabled:bg-red-strong",
		}[variant],
		{ sm: "h-7 px-2.5", md: "h-8.5 px-3.5", icon: "size-8" }[size],
		size === "icon" ? "touch:size-11" : "touch:min-h-11",
		className,
	);
}
