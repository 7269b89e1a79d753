/** For what is not there, and for what the person may not know is there. */
import type { Metadata } from "next";
import { Brand } from "@/app/_ui/brand";
import { ButtonLink } from "@/app/_ui/button";
import { MessagePage } from "@/app/_ui/message-page";

export const metadata: Metadata = { title: "Page not found" };

export default function NotFoundPage() {
	return (
		<>
			<header className="px-6 py-5">
				<Brand />
			</header>
			<main>
				<MessagePage
					eyebrow="404"
					title="There is no page here"
					text="The address may be mistyped, the page may have moved, or it is not yours to see."
					actions={
						<>
							{/* Right for everybody: those who are not signed in sign in on the way. */}
							<ButtonLink href="/dashboard" variant="primary">
								Go to the dashboard
							</ButtonLink>
							<ButtonLink href="/">Go to the start page</ButtonLink>
						</>
					}
				/>
			</main>
		</>
	);
}
