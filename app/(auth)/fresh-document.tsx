"use client";

/**
 * A soft navigation from a signed-in page to a form out here keeps the person's pages in the router's memory, one Back
 * away. So the first thing that such an arrival does is to load the document anew.
 */
import { useEffect } from "react";
import { hasShownSession } from "@/app/_ui/session-watch";

export function FreshDocument() {
	useEffect(() => {
		if (hasShownSession()) location.reload();
	}, []);
	return null;
}
