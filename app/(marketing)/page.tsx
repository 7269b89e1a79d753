/** The landing page: what Kickoff is, why it uses sessions, what it promises, and how to run it. */
import type { Metadata } from "next";
import type { ReactNode } from "react";
import { ButtonLink } from "@/app/_ui/button";
import { Commands } from "./commands";
import { ConsolePicture } from "./console-picture";
import { contents } from "./contents";
import { Lanes } from "./lanes";
import { promises } from "./promises";

export const metadata: Metadata = { title: { absolute: "Kickoff · Sessions you can end now" } };

export default function LandingPage() {
	return (
		<>
			<Hero />
			<Question />
			<Promises />
			<Contents />
			<Start />
		</>
	);
}

function Hero() {
	return (
		<div className={`${width} pt-14 pb-16 sm:pt-24 sm:pb-24`}>
			<div className="grid items-center gap-x-16 gap-y-12 lg:grid-cols-[1.1fr_1fr]">
				<div>
					<h1 className="font-semibold text-[2.75rem] leading-[1.04] tracking-[-0.035em] sm:text-6xl">
						Sessions you can <span className="text-link">end&nbsp;now.</span>
					</h1>
					<p className="mt-6 max-w-xl text-lg text-muted sm:text-[1.125rem] sm:leading-7">
						Kickoff is a full-stack Next.js starter with an admin console. Click{" "}
						<strong className="font-medium text-ink">Force log out</strong>, and that person’s next request is refused:
						on every page, in every action, on every server.
					</p>
					<div className="mt-8 flex flex-wrap gap-2.5">
						<ButtonLink href="/sign-up" variant="primary" className="h-10 px-5">
							Create account
						</ButtonLink>
						<ButtonLink href="/sign-in" className="h-10 px-5">
							Sign in
						</ButtonLink>
					</div>
				</div>
				<Commands />
			</div>
			<div className="mt-14 sm:mt-20">
				<ConsolePicture />
			</div>
		</div>
	);
}

function Question() {
	return (
		<Section
			title="“Can I revoke this credential in a hurry?”"
			text="That question, and not “stateless or stateful”, decides between a JWT and a session. A leaked laptop, a fired employee, a changed password: each means that this person must be out right now. A session is a row. Remove the row, and the next request fails."
		>
			<Lanes />
		</Section>
	);
}

function Promises() {
	return (
		<Section
			title="One promise, kept everywhere"
			text="Once the call that ends a session has returned, on any instance of the app, this is what holds. The same goes for suspending someone, changing their role or their password, and the end of an impersonation."
		>
			<dl className="divide-y border-y">
				{promises.map(({ what, holds }) => (
					<div key={what} className="grid gap-x-8 gap-y-1 py-4 sm:grid-cols-[10rem_1fr]">
						<dt className="font-medium">{what}</dt>
						<dd className="text-muted">{holds}</dd>
					</div>
				))}
			</dl>
		</Section>
	);
}

function Contents() {
	return (
		<Section title="What is in the box" text="The parts every product needs first, built to be read, kept and changed.">
			<ul className="grid gap-px overflow-hidden rounded-xl border bg-line sm:grid-cols-2 lg:grid-cols-3">
				{contents.map(({ icon: Icon, title, text }) => (
					<li key={title} className="bg-surface p-6">
						<Icon className="size-5 text-link" aria-hidden />
						<h3 className="mt-4 font-medium">{title}</h3>
						<p className="mt-1.5 text-muted">{text}</p>
					</li>
				))}
			</ul>
		</Section>
	);
}

function Start() {
	return (
		<Section
			title="See it for yourself"
			text="Run it, then sign in as the owner in one browser and as Alice in another. Click once, and watch Alice’s next click land on the sign-in page."
		>
			<div className="flex flex-wrap gap-2.5">
				<ButtonLink href="/sign-up" variant="primary" className="h-10 px-5">
					Create account
				</ButtonLink>
				<ButtonLink href="/pricing" className="h-10 px-5">
					See the plans
				</ButtonLink>
			</div>
		</Section>
	);
}

function Section({ title, text, children }: { title: string; text: string; children: ReactNode }) {
	return (
		<section className="border-t">
			<div className={`${width} py-16 sm:py-20`}>
				<h2 className="max-w-2xl font-semibold text-2xl tracking-tight sm:text-3xl">{title}</h2>
				<p className="mt-4 mb-9 max-w-2xl text-lg text-muted">{text}</p>
				{children}
			</div>
		</section>
	);
}

const width = "mx-auto max-w-6xl px-4 sm:px-6";
