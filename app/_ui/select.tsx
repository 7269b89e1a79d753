"use client";

/** A native select, styled: the phone's own wheel and the keyboard come for free. */
import { ChevronsUpDown } from "lucide-react";
import { type ComponentProps, useId, useLayoutEffect, useRef } from "react";
import { cx } from "@/app/_ui/cx";
import { control, FieldFrame } from "@/app/_ui/field";
import { useFormField } from "@/app/_ui/form";

type Props = Omit<ComponentProps<"select">, "children"> & {
	label: string;
	hideLabel?: boolean;
	name: string;
	options: { value: string; label: string; disabled?: boolean }[];
	hint?: string;
	errors?: string[];
};

export function Select({ label, hideLabel, options, hint, errors, className, defaultValue, ...props }: Props) {
	const id = useId();
	const field = useFormField(props.name);
	const messages = errors ?? field.errors;
	const initial = field.value ?? defaultValue;
	const select = useRef<HTMLSelectElement>(null);
	const isControlled = props.value !== undefined;
	// React gives a select its default once. A new one is for the next reset: what was chosen meanwhile stays, as in an input.
	useLayoutEffect(() => {
		if (isControlled) return;
		for (const option of select.current?.options ?? []) option.defaultSelected = option.value === String(initial);
	}, [isControlled, initial]);
	return (
		<FieldFrame {...{ id, label, hideLabel, hint, className }} errors={messages}>
			{(described) => (
				<div className="relative">
					<select
						ref={select}
						id={id}
						defaultValue={isControlled ? undefined : initial}
						className={cx(control, "appearance-none truncate pe-8")}
						{...described}
						{...props}
					>
						{options.map((option) => (
							<option key={option.value} value={option.value} disabled={option.disabled}>
								{option.label}
							</option>
						))}
					</select>
					<ChevronsUpDown
						className="pointer-events-none absolute inset-y-0 end-2.5 my-auto size-3.5 text-faint"
						aria-hidden
					/>
				</div>
			)}
		</FieldFrame>
	);
}
