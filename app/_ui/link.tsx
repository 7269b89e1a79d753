"use client";

/**
 * Every link inside the app. Pages are fetched when one clicks and not before: what is private is not asked for by itself,
 * and of a page that is made for each request there is nothing to have beforehand. While one is on its way a hairline says
 * so: on a slow network a click must not look as if it did nothing.
 */
import NextLink, { useLinkStatus } from "next/link";
import type { ComponentProps } from "react";
import { Progress } from "@/app/_ui/progress";

export default function Link({ children, prefetch = false, ...props }: ComponentProps<typeof NextLink>) {
	return (
		<NextLink prefetch={prefetch} {...props}>
			{children}
			<OnItsWay />
		</NextLink>
	);
}

function OnItsWay() {
	return <Progress pending={useLinkStatus().pending} />;
}
