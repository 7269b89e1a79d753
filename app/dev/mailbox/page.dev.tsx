/** Every mail that development sent, as the person sees it. It exists in `next dev` alone: see `pageExtensions`. */
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Brand } from "@/app/_ui/brand";
import { cx } from "@/app/_ui/cx";
import { EmptyState } from "@/app/_ui/empty";
import { Time } from "@/app/_ui/time";
import { readMailbox } from "@/lib/mail/mailbox";

export const metadata: Metadata = { title: "Mailbox" };

type Props = { searchParams: Promise<{ mail?: string; as?: string }> };

export default async function MailboxPage({ searchParams }: Props) {
	if (process.env.NODE_ENV !== "development") notFound();
	const mails = await readMailbox();
	const { mail: id, as } = await searchParams;
	const open = mails.find((mail) => mail.id === id) ?? mails[0];
	return (
		<div className="grid min-h-dvh grid-rows-[auto_1fr] md:grid-cols-[20rem_1fr]">
			<header className="flex items-center justify-between gap-4 border-b px-5 py-3.5 md:col-span-2">
				<Brand suffix="Mailbox" />
				<p className="text-muted text-sm max-sm:hidden">Development sends mails here, and nowhere else.</p>
			</header>
			<nav aria-label="Mails" className="border-e bg-surface max-md:max-h-60 max-md:overflow-y-auto max-md:border-b">
				{mails.length === 0 && <EmptyState title="No mail yet" text="Sign up, or ask for a new password." />}
				<ul className="divide-y">
					{mails.map((mail) => (
						<li key={mail.id}>
							<a
								href={`?mail=${mail.id}`}
								aria-current={mail === open ? "true" : undefined}
								className={cx("block px-5 py-3 hover:bg-wash", mail === open && "bg-wash")}
							>
								<span className="block truncate font-medium">{mail.subject}</span>
								<span className="flex justify-between gap-3 text-muted text-sm">
									<span className="truncate">{mail.to.email}</span>
									<span className="shrink-0">
										<Time at={mail.at} />
									</span>
								</span>
							</a>
						</li>
					))}
				</ul>
			</nav>
			<main className="flex min-h-0 flex-col">
				{open && (
					<>
						<div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 border-b px-5 py-3">
							<div className="min-w-0">
								<h1 className="font-semibold">{open.subject}</h1>
								<p className="break-all text-muted text-sm">
									To {open.to.name} &lt;{open.to.email}&gt;
								</p>
							</div>
							<p className="flex gap-4 text-sm">
								<a href={`?mail=${open.id}`} className="font-medium text-link hover:underline">
									HTML
								</a>
								<a href={`?mail=${open.id}&as=text`} className="font-medium text-link hover:underline">
									Text
								</a>
							</p>
						</div>
						{as === "text" ? (
							<pre className="overflow-auto whitespace-pre-wrap break-words p-5 font-mono text-sm">{open.text}</pre>
						) : (
							<iframe
								title={open.subject}
								// No scripts, no forms, no origin; a link that is clicked opens in this tab.
								sandbox="allow-top-navigation-by-user-activation"
								srcDoc={open.html.replace("<head>", '<head><base target="_top">')}
								className="min-h-[70dvh] w-full grow border-0"
							/>
						)}
					</>
				)}
			</main>
		</div>
	);
}
