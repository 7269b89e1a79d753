"use client";

import { Tooltip as Base } from "@base-ui/react/tooltip";
import type { ReactElement, ReactNode } from "react";

/** A hint for the eye on hover and focus. Never the only place of what it says: touch screens do not show it. */
export function Tooltip({ text, children }: { text: ReactNode; children: ReactElement }) {
	return (
		<Base.Root>
			<Base.Trigger render={children} />
			<Base.Portal>
				<Base.Positioner sideOffset={6} collisionPadding={8} className="z-40">
					<Base.Popup className={popup}>{text}</Base.Popup>
				</Base.Positioner>
			</Base.Portal>
		</Base.Root>
	);
}

const popup =
	"max-w-72 origin-(--transform-origin) rounded-md bg-ink px-2 py-1 text-canvas text-xs transition-[scale,opacity] duration-100 data-ending-style:scale-97 data-starting-style:scale-97 data-ending-style:opacity-0 data-starting-style:opacity-0";
