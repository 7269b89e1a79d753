"use client";

import type { ComponentProps, MouseEvent } from "react";
import { Tr } from "@/app/_ui/table";

/**
 * A row that leads, wherever it is clicked, to where its first link leads. The link itself is what the keyboard and screen
 * readers find. It is not stretched over the row by CSS, because WebKit positions nothing within a `<tr>`.
 */
export function LinkRow(props: ComponentProps<typeof Tr>) {
	return <Tr className="cursor-pointer" onClick={follow} {...props} />;
}

function follow({ currentTarget, target, nativeEvent }: MouseEvent<HTMLTableRowElement>) {
	if ((target as Element).closest("a, button")) return;
	// Somebody has dragged over words to copy them.
	if (getSelection()?.isCollapsed === false) return;
	// A copy of the click, so that Ctrl or ⌘ opens a tab here too.
	currentTarget.querySelector("a")?.dispatchEvent(new window.MouseEvent("click", nativeEvent));
}
