"use client";

/** What the viewer may do about the person: hidden where the role never allows it, disabled with a reason where not now. */
import { ActionForm } from "@/app/_ui/form";
import Link from "@/app/_ui/link";
import { SubmitButton } from "@/app/_ui/submit-button";
import { whyNot } from "@/app/admin/_sessions/words";
import type { OffboardingReport } from "@/lib/admin/suspension";
import type { UserDetail } from "@/lib/admin/user";
import { allows, mayImpersonate, type Ranked } from "@/lib/permissions/matrix";
import { forceLogoutEverywhereAction, reactivateAction, sendPasswordResetAction } from "./actions";
import { DeleteDialog } from "./delete-dialog";
import { ImpersonateDialog } from "./impersonate-dialog";
import { OffboardDialog } from "./offboard-dialog";
import { SuspendDialog } from "./suspend-dialog";

type Props = {
	viewer: Ranked;
	user: UserDetail;
	/** What off-boarding would end now; null for viewers who may not. */
	offboarding: OffboardingReport | null;
};

export function PersonActs({ viewer, user, offboarding }: Props) {
	if (viewer.id === user.id) return <OwnPage />;
	const reason = whyNot(viewer, user);
	if (reason) return <p className="text-muted text-sm">{reason}</p>;
	return (
		<>
			{allows(viewer.role, "users.impersonate") && (
				<ImpersonateDialog user={user} whyNot={whyNoImpersonation(viewer, user)} />
			)}
			{allows(viewer.role, "users.send-password-reset") && !user.suspension && (
				<ActionForm action={sendPasswordResetAction}>
					<input type="hidden" name="userId" value={user.id} />
					<SubmitButton variant="secondary">Send password reset</SubmitButton>
				</ActionForm>
			)}
			{allows(viewer.role, "users.suspend") &&
				(user.suspension ? <Reactivate userId={user.id} /> : <SuspendDialog user={user} />)}
			{offboarding && !user.suspension?.offboarding && <OffboardDialog user={user} preview={offboarding} />}
			{allows(viewer.role, "users.delete") && <DeleteDialog user={user} />}
			{allows(viewer.role, "sessions.force-logout") && (
				<ActionForm action={forceLogoutEverywhereAction}>
					<input type="hidden" name="userId" value={user.id} />
					<SubmitButton variant="danger">Force log out everywhere</SubmitButton>
				</ActionForm>
			)}
		</>
	);
}

function OwnPage() {
	return (
		<p className="text-muted text-sm">
			This is you. Your own sessions are in{" "}
			<Link href="/settings/security" className="font-medium text-link hover:underline">
				your security settings
			</Link>
			.
		</p>
	);
}

function Reactivate({ userId }: { userId: string }) {
	return (
		<ActionForm action={reactivateAction}>
			<input type="hidden" name="userId" value={userId} />
			<SubmitButton variant="secondary">Reactivate</SubmitButton>
		</ActionForm>
	);
}

/** Why the viewer cannot become this person; null if they can. */
function whyNoImpersonation(viewer: Ranked, user: UserDetail): string | null {
	if (!mayImpersonate(viewer, user)) return "Nobody impersonates someone of their own rank.";
	return user.status === "suspended" ? "Suspended people cannot be impersonated." : null;
}
