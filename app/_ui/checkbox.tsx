"use client";

/** A native checkbox, drawn by us. `indeterminate` shows "some of them". */
import { type ComponentProps, type ReactNode, useEffect, useId, useRef } from "react";
import { cx } from "@/app/_ui/cx";
import { useFormField } from "@/app/_ui/form";

type Props = Omit<ComponentProps<"input">, "type"> & {
	label: ReactNode;
	hideLabel?: boolean;
	hint?: ReactNode;
	indeterminate?: boolean;
};

export function Checkbox({
	label,
	hideLabel,
	hint,
	indeterminate = false,
	className,
	defaultChecked,
	...props
}: Props) {
	const id = useId();
	const input = useRef<HTMLInputElement>(null);
	const field = useFormField(props.name ?? "");
	// A checkbox that was sent unchecked is missing among what was typed.
	const initial = field.refused && props.name ? field.value !== undefined : defaultChecked;
	useEffect(() => {
		if (input.current) input.current.indeterminate = indeterminate;
	}, [indeterminate]);
	const describedBy = [hint && `${id}-hint`, field.errors && `${id}-errors`].filter(Boolean).join(" ");
	return (
		<div className={cx("flex gap-2.5", className)}>
			{/* The box is 16 px; the padding around it makes the target 24, on touch screens 44. */}
			<span className="-m-1 grid size-6 shrink-0 place-items-center touch:-m-3.5 touch:size-11">
				<input
					ref={input}
					id={id}
					type="checkbox"
					aria-invalid={field.errors ? true : undefined}
					aria-describedby={describedBy || undefined}
					defaultChecked={props.checked === undefined ? initial : undefined}
					className="peer absolute size-6 appearance-none rounded-sm opacity-0 touch:size-11"
					{...props}
				/>
				<span className={box} aria-hidden>
					<svg viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="2.25" strokeLinecap="round">
						<title>check</title>
						{indeterminate ? <path d="M4.5 8h7" /> : <path d="m4 8.4 2.7 2.7L12 5.4" strokeLinejoin="round" />}
					</svg>
				</span>
			</span>
			<div className={hideLabel ? "sr-only" : "min-w-0 text-sm"}>
				<label htmlFor={id}>{label}</label>
				{hint && (
					<p id={`${id}-hint`} className="text-faint text-xs">
						{hint}
					</p>
				)}
				{field.errors && (
					<p id={`${id}-errors`} className="text-red text-xs">
						{field.errors.join(" ")}
					</p>
				)}
			</div>
		</div>
	);
}

const box =
	"pointer-events-none relative grid size-4 place-items-center rounded-sm border border-faint bg-surface text-on-accent transition-colors [&_svg]:size-3.5 [&_svg]:opacity-0 peer-checked:border-accent peer-checked:bg-accent peer-checked:[&_svg]:opacity-100 peer-indeterminate:border-accent peer-indeterminate:bg-accent peer-indeterminate:[&_svg]:opacity-100 peer-focus-visible:outline-2 peer-focus-visible:outline-link peer-focus-visible:outline-offset-2 peer-disabled:opacity-50";
