/** Says what a link in a mail just did, to somebody who need not be signed in where they opened it. */
import type { Metadata } from "next";
import { ButtonLink } from "@/app/_ui/button";

export const metadata: Metadata = { title: "Done" };

const texts: Record<string, { title: string; text: string }> = {
	"email-changed": {
		title: "Your address was changed",
		text: "You sign in with the new one from now on. All your other devices were signed out.",
	},
	"email-restored": {
		title: "Your address is yours again",
		text: "Everyone was signed out of your account. Look into your mail: there is a link to choose a new password.",
	},
	"sign-in-disowned": {
		title: "That session is over",
		text: "The password that it knew no longer works. Look into your mail: there is a link to choose a new one.",
	},
};

export default async function LinkUsedPage({ searchParams }: PageProps<"/link-used">) {
	const { done } = await searchParams;
	const { title, text } = texts[done?.toString() ?? ""] ?? { title: "Done", text: "You can close this page." };
	return (
		<>
			<h1 className="font-semibold text-xl tracking-tight">{title}</h1>
			<p role="status" className="mt-2 text-muted text-sm">
				{text}
			</p>
			<ButtonLink href="/dashboard" className="mt-6 w-full">
				Continue
			</ButtonLink>
		</>
	);
}
