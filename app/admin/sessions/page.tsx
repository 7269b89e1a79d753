/** All sessions: those that are live, with the ways to end them, and those that are over, with their receipts. */
import type { Metadata } from "next";
import { KeepCurrent } from "@/app/_ui/keep-current";
import { PageHeader } from "@/app/_ui/page-header";
import { LinkTabs } from "@/app/_ui/tabs";
import { allows } from "@/lib/permissions/matrix";
import { requirePage } from "@/lib/session/current";
import { EndedSessions } from "./ended-sessions";
import { LiveSessions } from "./live-sessions";
import { SignEveryoneOut } from "./sign-everyone-out";

export const metadata: Metadata = { title: "Sessions" };

export default async function SessionsPage({ searchParams }: PageProps<"/admin/sessions">) {
	const session = await requirePage("sessions.view", "/admin/sessions");
	const { view, cursor, ...query } = await searchParams;
	const showsEnded = view === "ended";
	const place = { query, cursor: cursor?.toString() };
	return (
		<>
			<KeepCurrent />
			<PageHeader
				title="Sessions"
				description="Everywhere that people are signed in, and how it ended."
				actions={allows(session.user.role, "sessions.end-all") && <SignEveryoneOut />}
			/>
			<LinkTabs
				label="Sessions"
				tabs={[
					{ href: "/admin/sessions", label: "Live", current: !showsEnded },
					{ href: "/admin/sessions?view=ended", label: "Ended", current: showsEnded },
				]}
			/>
			{showsEnded ? <EndedSessions {...place} /> : <LiveSessions {...place} viewer={session} />}
		</>
	);
}
