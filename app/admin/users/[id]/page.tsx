/** One person: who they are, what can be done about them, where they are signed in, and what happened. */
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { KeepCurrent } from "@/app/_ui/keep-current";
import { previewOffboarding } from "@/lib/admin/suspension";
import { findUser } from "@/lib/admin/user";
import { listIdentities } from "@/lib/identities/link";
import { allows } from "@/lib/permissions/matrix";
import { requirePage } from "@/lib/session/current";
import { PersonActs } from "./person-acts";
import { PersonFacts } from "./person-facts";
import { PersonHeader } from "./person-header";
import { PersonIdentities } from "./person-identities";
import { PersonTabs } from "./person-tabs";
import { SuspensionNotice } from "./suspension-notice";

/** For the page and for its title alike: nobody learns a name without the permission. */
const load = cache(async (id: string) => {
	const session = await requirePage("users.view", `/admin/users/${id}`);
	const user = await findUser(id);
	if (!user) notFound();
	return { session, user };
});

type Props = PageProps<"/admin/users/[id]">;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
	const { user } = await load((await params).id);
	return { title: user.name };
}

export default async function PersonPage({ params, searchParams }: Props) {
	const { session, user } = await load((await params).id);
	const { tab, cursor } = await searchParams;
	const viewer = { id: session.user.id, role: session.user.role, sessionId: session.id };
	const offboarding = allows(viewer.role, "users.offboard") ? await previewOffboarding(user.id) : null;
	return (
		<>
			<KeepCurrent />
			<PersonHeader user={user} actions={<PersonActs viewer={viewer} user={user} offboarding={offboarding} />} />
			{user.suspension && <SuspensionNotice suspension={user.suspension} />}
			<PersonFacts viewer={viewer} user={user} />
			<PersonIdentities identities={await listIdentities(user.id)} />
			<PersonTabs viewer={viewer} user={user} tab={tab?.toString()} cursor={cursor?.toString()} />
		</>
	);
}
