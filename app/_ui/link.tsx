"use client";

/**
 * Every link inside the app. Private pages are fetched when one clicks and not before, so while one is on its way a
 * hairline says so: on a slow network a click must not look as if it did nothing.
 */
import NextLink, { useLinkStatus } from "next/link";
import type { ComponentProps } from "react";
import { Progress } from "@/app/_ui/progress";

export default function Link({ children, ...props }: ComponentProps<typeof NextLink>) {
	return (
		<NextLink {...props}>
			{children}
			<OnItsWay />
		</NextLink>
	);
}

function OnItsWay() {
	return <Progress pending={useLinkStatus().pending} />;
}
