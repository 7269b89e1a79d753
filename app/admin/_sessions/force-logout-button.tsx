"use client";

/** One click, without a question. Where the viewer may not, there is no button but the reason. */
import type { MouseEvent } from "react";
import { Button } from "@/app/_ui/button";
import Link from "@/app/_ui/link";
import type { SessionRow } from "@/lib/admin/sessions";
import type { Ranked } from "@/lib/permissions/matrix";
import { whyNot } from "./words";

type Props = { session: SessionRow; viewer: Ranked; onForceLogout: () => void };

export function ForceLogoutButton({ session, viewer, onForceLogout }: Props) {
	const reason = whyNot(viewer, session.user);
	if (viewer.id === session.user.id) {
		return (
			<Link
				href="/settings/security"
				title={reason ?? undefined}
				className="whitespace-nowrap text-link hover:underline"
			>
				Your devices
			</Link>
		);
	}
	if (reason) {
		return (
			<span title={reason} className="text-faint">
				Out of reach<span className="sr-only">: {reason}</span>
			</span>
		);
	}
	function click(event: MouseEvent<HTMLButtonElement>) {
		// The next row slides under the pointer: the second half of a double click must not end that one too.
		if (event.detail > 1) return;
		moveFocusOn(event.currentTarget);
		onForceLogout();
	}
	return (
		<Button size="sm" onClick={click}>
			Force log out
		</Button>
	);
}

/** The focus would vanish with the row; someone at the keyboard goes on with the next one. */
function moveFocusOn(button: HTMLButtonElement) {
	const row = button.closest("tr");
	const neighbour = row?.nextElementSibling ?? row?.previousElementSibling;
	neighbour?.querySelector<HTMLElement>("td[data-part=actions] :is(a, button)")?.focus({ preventScroll: true });
}
