// biome-ignore-all lint/a11y/noRedundantRoles: CSS that lays a table out as a stack takes its roles away in some browsers.
/**
 * A real table that turns into a stack of cards on a phone. The roles are written out because some browsers forget
 * that a `<table>` is one as soon as CSS changes how it is laid out; the layout itself is in `table.css`.
 */
import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { cx } from "@/app/_ui/cx";
import Link from "@/app/_ui/link";
import "./table.css";

type TableProps = ComponentProps<"table"> & { label: string };

/** `label` is the table's accessible name, for example "Active sessions". */
export function Table({ label, className, ...props }: TableProps) {
	return (
		<div className="table-scroll">
			<table role="table" aria-label={label} className={cx("stacking-table", className)} {...props} />
		</div>
	);
}

export function THead({ children }: { children: ReactNode }) {
	return (
		<thead role="rowgroup">
			<tr role="row">{children}</tr>
		</thead>
	);
}

export function TBody(props: ComponentProps<"tbody">) {
	return <tbody role="rowgroup" {...props} />;
}

/** `selected` marks the row; `leaving` fades it while the server is asked to remove it. */
export function Tr({ selected, leaving, ...props }: ComponentProps<"tr"> & { selected?: boolean; leaving?: boolean }) {
	return <tr role="row" data-selected={selected || undefined} data-leaving={leaving || undefined} {...props} />;
}

type ThProps = Omit<ComponentProps<"th">, "align"> & {
	/** Makes the head a link that sorts: where it leads, and how the table is sorted by this column now. */
	sort?: { href: string; direction?: "ascending" | "descending" };
	align?: "start" | "end";
	/** Hides the words of a column that explains itself (actions, a checkbox), but not from screen readers. */
	hideLabel?: boolean;
};

export function Th({ sort, align = "start", hideLabel, children, ...props }: ThProps) {
	const Arrow = { ascending: ArrowUp, descending: ArrowDown, none: ChevronsUpDown }[sort?.direction ?? "none"];
	return (
		<th
			role="columnheader"
			scope="col"
			aria-sort={sort ? (sort.direction ?? "none") : undefined}
			data-align={align}
			data-sortable={sort ? true : undefined}
			{...props}
		>
			{sort ? (
				<Link href={sort.href} scroll={false} className="group">
					{children}
					<Arrow className={sort.direction ? "" : "opacity-50 group-hover:opacity-100"} aria-hidden />
				</Link>
			) : (
				<span className={hideLabel ? "sr-only" : undefined}>{children}</span>
			)}
		</th>
	);
}

type TdProps = Omit<ComponentProps<"td">, "align"> & {
	/** Stands before the value when the row is a card; leave it out where the value explains itself. */
	label?: string;
	align?: "start" | "end";
	/** `title` heads the card, `select` is its checkbox in the corner, `actions` is its foot. */
	part?: "title" | "select" | "actions";
};

export function Td({ label, align = "start", part, ...props }: TdProps) {
	return <td role="cell" data-label={label} data-align={align} data-part={part} {...props} />;
}
