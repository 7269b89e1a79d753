/** What everyone reads who asked for a mail, whether or not there is one for them: only the mailbox tells. */
import type { Metadata } from "next";
import Link from "next/link";

export const metadata: Metadata = { title: "Check your mail" };

const texts = {
	account: {
		text: "We sent you a link. Open it to confirm your address, and you are in.",
		again: { href: "/sign-up", label: "sign up again" },
	},
	password: {
		text: "If there is an account with that address, a link to choose a new password is on its way to it.",
		again: { href: "/forgot-password", label: "ask again" },
	},
};

export default async function CheckYourMailPage({ searchParams }: PageProps<"/check-your-mail">) {
	const { for: what } = await searchParams;
	const { text, again } = texts[what === "password" ? "password" : "account"];
	return (
		<>
			<h1 className="font-semibold text-xl tracking-tight">Check your mail</h1>
			<p role="status" className="mt-2 text-muted text-sm">
				{text}
			</p>
			<p className="mt-4 text-muted text-sm">
				Nothing there after a few minutes? Look among the spam, or{" "}
				<Link href={again.href} className="font-medium text-link hover:underline">
					{again.label}
				</Link>
				. We send at most five such mails an hour.
			</p>
			{process.env.NODE_ENV === "development" && (
				<p className="mt-6 border-t pt-4 text-muted text-sm">
					This is development:{" "}
					<a href="/dev/mailbox" className="font-medium text-link hover:underline">
						open the mailbox
					</a>
					.
				</p>
			)}
		</>
	);
}
