import type { ReactNode } from "react";

/** Names and values of one thing. A value of null or undefined leaves its line out. */
export function DescriptionList({ items }: { items: { label: string; value: ReactNode }[] }) {
	return (
		<dl className="grid grid-cols-[minmax(7rem,auto)_minmax(0,1fr)] gap-x-6 gap-y-2.5 text-sm">
			{items
				.filter((item) => item.value !== null && item.value !== undefined)
				.map((item) => (
					<div key={item.label} className="col-span-2 grid grid-cols-subgrid items-baseline">
						<dt className="text-muted">{item.label}</dt>
						<dd className="min-w-0 break-words">{item.value}</dd>
					</div>
				))}
		</dl>
	);
}
