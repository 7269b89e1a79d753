"use client";

/** A window above the page. Focus stays inside; Escape and a click beside it close it, unless it is held. */
import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { Button } from "@/app/_ui/button";
import { cx } from "@/app/_ui/cx";

type Props = {
	/** The button that opens it; leave out when `open` is controlled. */
	trigger?: ReactElement;
	open?: boolean;
	onOpenChange?: (open: boolean) => void;
	/** Only what is inside closes it: it shows, or waits for, what would be lost. */
	held?: boolean;
	title: ReactNode;
	description?: ReactNode;
	children: ReactNode;
	className?: string;
};

export function Dialog({ trigger, open, onOpenChange, held = false, title, description, children, className }: Props) {
	function change(next: boolean, { cancel }: Base.Root.ChangeEventDetails) {
		if (held && !next) cancel();
		else onOpenChange?.(next);
	}
	return (
		<Base.Root open={open} onOpenChange={change}>
			{trigger && <Base.Trigger render={trigger} />}
			<Base.Portal>
				<Base.Backdrop className={backdrop} />
				<Base.Popup className={cx(popup, className)}>
					<Base.Title className="pe-8 font-semibold text-lg">{title}</Base.Title>
					{description && <Base.Description className="mt-1.5 text-muted">{description}</Base.Description>}
					<div className="mt-4">{children}</div>
					{!held && (
						<Base.Close
							render={<Button variant="ghost" size="icon" aria-label="Close" />}
							className="absolute end-3 top-3"
						>
							<X aria-hidden />
						</Base.Close>
					)}
				</Base.Popup>
			</Base.Portal>
		</Base.Root>
	);
}

export const backdrop =
	"fixed inset-0 bg-backdrop transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0";

export const popup =
	"fixed top-1/2 left-1/2 max-h-[calc(100dvh-2rem)] w-120 max-w-[calc(100vw-2rem)] -translate-1/2 overflow-y-auto break-words rounded-xl bg-raised p-5 shadow-popup outline-none transition-[scale,opacity] duration-150 ease-out data-ending-style:scale-97 data-starting-style:scale-97 data-ending-style:opacity-0 data-starting-style:opacity-0";
