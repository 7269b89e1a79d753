"use client";

/** One dialog for the details of all rows, beside them: it stays open when newer events push its row off the page. */
import { ChevronRight } from "lucide-react";
import { createContext, type ReactNode, use, useState } from "react";
import { Button } from "@/app/_ui/button";
import { Dialog } from "@/app/_ui/dialog";

type Detail = { title: string; description: ReactNode; children: ReactNode };

const ShowContext = createContext<(detail: Detail) => void>(() => {});

/** Wrap the table in it. */
export function DetailDialog({ children }: { children: ReactNode }) {
	const [open, setOpen] = useState(false);
	const [detail, setDetail] = useState<Detail>();
	function show(detail: Detail) {
		setDetail(detail);
		setOpen(true);
	}
	return (
		<ShowContext value={show}>
			{children}
			<Dialog open={open} onOpenChange={setOpen} title={detail?.title} description={detail?.description}>
				{detail?.children}
			</Dialog>
		</ShowContext>
	);
}

/** Shows its children in the dialog. `label` is its accessible name. */
export function DetailButton({ label, ...detail }: Detail & { label: string }) {
	const show = use(ShowContext);
	return (
		<Button variant="ghost" size="sm" aria-label={label} aria-haspopup="dialog" onClick={() => show(detail)}>
			<span className="sm:hidden">Details</span> <ChevronRight aria-hidden />
		</Button>
	);
}
