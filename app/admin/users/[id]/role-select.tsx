"use client";

/** The role, changed by choosing another one. The toast can take it back; after a failure the old role stands again. */
import { type KeyboardEvent, startTransition, useOptimistic } from "react";
import { toast } from "sonner";
import { useStepUp } from "@/app/_ui/proof";
import { Select } from "@/app/_ui/select";
import type { ActionResult } from "@/lib/action";
import type { Role } from "@/lib/permissions/matrix";
import { changeRoleAction } from "./actions";

type Props = {
	user: { id: string; name: string; role: Role };
	/** The roles that the viewer may give. */
	options: Role[];
	/** Why the viewer may give none; null if they may. */
	whyNot: string | null;
};

export function RoleSelect({ user, options, whyNot }: Props) {
	const [role, show] = useOptimistic(user.role);
	const change = useStepUp(changeRoleAction);

	function choose(next: Role, undo?: Role) {
		startTransition(async () => {
			show(next);
			const form = new FormData();
			form.set("userId", user.id);
			form.set("role", next);
			const result = await change(null, form).catch(unreachable);
			if (result?.ok) {
				const action = undo && { label: "Undo", onClick: () => choose(undo) };
				toast.success(`${user.name} is now ${named[next]}`, { action });
			} else if (result?.code === "session-ended") {
				location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
			} else {
				toast.error(result?.message);
			}
		});
	}

	return (
		<Select
			label="Role"
			name="role"
			value={role}
			options={[...new Set([...options, role])].map((value) => ({ value, label: titles[value] }))}
			disabled={whyNot !== null}
			title={whyNot ?? undefined}
			hint={whyNot ?? undefined}
			onKeyDown={openInstead}
			onChange={(event) => choose(event.target.value as Role, role)}
		/>
	);
}

/** Keys that would walk a closed select open it: some systems take each step for a choice, on the way to "owner" too. */
function openInstead(event: KeyboardEvent<HTMLSelectElement>) {
	const types = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey;
	const walks = types || /^(Arrow(Up|Down)|Page(Up|Down)|Home|End)$/.test(event.key);
	// Safari knows no `showPicker` here, and opens the list by itself.
	if (!walks || !("showPicker" in event.currentTarget)) return;
	event.preventDefault();
	event.currentTarget.showPicker();
}

const titles: Record<Role, string> = { user: "User", support: "Support", admin: "Admin", owner: "Owner" };
const named: Record<Role, string> = { user: "a user", support: "support", admin: "an admin", owner: "an owner" };

function unreachable(): ActionResult {
	const message = "The server could not be reached. The role is what it was.";
	return { ok: false, code: "unreachable", message, fields: {}, values: {} };
}
