import { CopyButton } from "@/app/_ui/copy-button";

/** Something to take elsewhere: shown whole, selected by a click, and copied by a button. */
export function CopyField({ label, text }: { label: string; text: string }) {
	return (
		<div>
			<p className="mb-1.5 font-medium text-sm">{label}</p>
			<div className="flex items-center gap-2 rounded-md border bg-sunken ps-3 pe-1">
				<code className="min-w-0 flex-1 select-all wrap-anywhere py-1.5 text-xs">{text}</code>
				<CopyButton text={text} label={`Copy the ${label.toLowerCase()}`} />
			</div>
		</div>
	);
}
