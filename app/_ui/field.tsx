"use client";

/** Text to fill in: the label above, the hint and the errors below, all tied together for a screen reader. */
import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, type ReactNode, useId, useState } from "react";
import { cx } from "@/app/_ui/cx";
import { useFormField } from "@/app/_ui/form";

type Shared = { label: string; name: string; hideLabel?: boolean; hint?: ReactNode; errors?: string[] };

/** A labelled input. Inside an `ActionForm` it finds its own errors and what was typed before. */
export function Field({
	label,
	hideLabel,
	hint,
	errors,
	className,
	defaultValue,
	...props
}: Shared & ComponentProps<"input">) {
	const id = useId();
	const field = useFormField(props.name);
	const initial = props.value === undefined ? (field.value ?? defaultValue) : undefined;
	const Input = props.type === "password" ? PasswordInput : PlainInput;
	return (
		<FieldFrame {...{ id, label, hideLabel, hint, className }} errors={errors ?? field.errors}>
			{(described) => <Input id={id} defaultValue={initial} {...described} {...props} />}
		</FieldFrame>
	);
}

/** The same for several lines. */
export function TextArea({
	label,
	hideLabel,
	hint,
	errors,
	className,
	defaultValue,
	...props
}: Shared & ComponentProps<"textarea">) {
	const id = useId();
	const field = useFormField(props.name);
	const initial = props.value === undefined ? (field.value ?? defaultValue) : undefined;
	return (
		<FieldFrame {...{ id, label, hideLabel, hint, className }} errors={errors ?? field.errors}>
			{(described) => (
				<textarea
					id={id}
					rows={3}
					defaultValue={initial}
					className={cx(control, "field-sizing-content h-auto min-h-18 py-2")}
					{...described}
					{...props}
				/>
			)}
		</FieldFrame>
	);
}

/** How every input, select and text area looks. 16 px on touch screens, or iOS zooms in on focus. */
export const control =
	"block h-8.5 w-full rounded-md border border-edge bg-surface px-2.5 text-sm text-ink shadow-control transition-[border-color] placeholder:text-faint hover:border-faint focus-visible:border-link focus-visible:outline-offset-0 disabled:opacity-50 aria-invalid:border-red touch:h-11 touch:text-lg";

type FrameProps = Omit<Shared, "name"> & {
	id: string;
	className?: string;
	children: (described: { "aria-invalid"?: true; "aria-describedby"?: string }) => ReactNode;
};

/** Label, hint and errors around any control; hands the control the attributes that tie it to them. */
export function FieldFrame({ id, label, hideLabel, hint, errors = [], className, children }: FrameProps) {
	const invalid = errors.length > 0;
	const describedBy = [hint && `${id}-hint`, invalid && `${id}-errors`].filter(Boolean).join(" ");
	return (
		<div className={cx("min-w-0", className)}>
			<label htmlFor={id} className={hideLabel ? "sr-only" : "mb-1.5 block font-medium text-sm"}>
				{label}
			</label>
			{children({ "aria-invalid": invalid || undefined, "aria-describedby": describedBy || undefined })}
			{hint && (
				<p id={`${id}-hint`} className="mt-1.5 text-faint text-xs">
					{hint}
				</p>
			)}
			{invalid && (
				<ul id={`${id}-errors`} className="mt-1.5 text-red text-xs">
					{errors.map((error) => (
						<li key={error}>{error}</li>
					))}
				</ul>
			)}
		</div>
	);
}

function PlainInput({ className, ...props }: ComponentProps<"input">) {
	return <input className={cx(control, className)} {...props} />;
}

function PasswordInput({ className, ...props }: ComponentProps<"input">) {
	const [shown, setShown] = useState(false);
	const Icon = shown ? EyeOff : Eye;
	return (
		<div className="relative">
			{/* `data-secret` outlives the change of type: the form neither keeps nor restores such a field. */}
			<input
				{...props}
				data-secret
				type={shown ? "text" : "password"}
				autoCapitalize="none"
				spellCheck={false}
				className={cx(control, "pe-10 touch:pe-12", className)}
			/>
			<button
				type="button"
				aria-pressed={shown}
				aria-label="Show what is typed"
				aria-controls={props.id}
				onClick={() => setShown(!shown)}
				className="absolute inset-y-0 end-0 grid w-9 place-items-center rounded-md text-faint hover:text-ink focus-visible:-outline-offset-2 touch:w-11"
			>
				<Icon className="size-4" aria-hidden />
			</button>
		</div>
	);
}
