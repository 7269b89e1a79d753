"use client";

import { ChevronDown } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { Button } from "@/app/_ui/button";
import { cx } from "@/app/_ui/cx";

/** Filters that a phone has no room for, behind a button there. On wider screens they are simply there. */
export function MoreFilters({ open: openAtFirst, children }: { open: boolean; children: ReactNode }) {
	const [open, setOpen] = useState(openAtFirst);
	const id = useId();
	return (
		<>
			<Button
				variant="ghost"
				className="justify-self-start sm:hidden"
				aria-expanded={open}
				aria-controls={id}
				onClick={() => setOpen(!open)}
			>
				More filters <ChevronDown className={open ? "rotate-180" : ""} aria-hidden />
			</Button>
			<div id={id} className={cx(layout, !open && "max-sm:hidden")}>
				{children}
			</div>
		</>
	);
}

const layout =
	"flex shrink! flex-wrap gap-x-2 gap-y-3 *:min-w-28 max-sm:col-span-2 max-sm:grid max-sm:grid-cols-2 max-sm:*:min-w-0";
