"use client";

import { createPortal } from "react-dom";

/** A hairline along the top of the window while something is on its way. At the end of the body, so that nothing cuts it off. */
export function Progress({ pending }: { pending: boolean }) {
	if (!pending) return null;
	return createPortal(
		<div
			role="progressbar"
			aria-label="Loading"
			className="fixed inset-x-0 top-0 z-60 h-0.5 origin-left animate-progress bg-accent rtl:origin-right"
		/>,
		document.body,
	);
}
