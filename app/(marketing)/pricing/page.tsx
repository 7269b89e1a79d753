/** What the product costs. A page to keep and fill with your own plans. */
import { Check } from "lucide-react";
import type { Metadata } from "next";
import { Badge } from "@/app/_ui/badge";
import { ButtonLink } from "@/app/_ui/button";
import { cx } from "@/app/_ui/cx";
import { type Plan, plans, questions } from "./plans";

export const metadata: Metadata = { title: "Pricing", description: "Plans for one person, a team and a company." };

export default function PricingPage() {
	return (
		<div className="mx-auto max-w-6xl px-4 pt-14 pb-20 sm:px-6 sm:pt-20">
			<h1 className="max-w-2xl font-semibold text-4xl leading-[1.08] tracking-[-0.03em] sm:text-5xl">
				A price you can say in one breath
			</h1>
			<p className="mt-5 max-w-xl text-lg text-muted">
				Start for nothing, pay by the person, stop whenever you like. Signing people out is never extra work.
			</p>
			<ul className="mt-12 grid gap-5 lg:grid-cols-3">
				{plans.map((plan) => (
					<PlanCard key={plan.name} plan={plan} />
				))}
			</ul>
			<section className="mt-20">
				<h2 className="font-semibold text-2xl tracking-tight">Questions people ask</h2>
				<dl className="mt-6 grid gap-x-12 sm:grid-cols-2">
					{questions.map(({ question, answer }) => (
						<div key={question} className="border-t py-5">
							<dt className="font-medium">{question}</dt>
							<dd className="mt-1.5 text-muted">{answer}</dd>
						</div>
					))}
				</dl>
			</section>
		</div>
	);
}

function PlanCard({ plan }: { plan: Plan }) {
	return (
		<li
			className={cx(
				"flex flex-col rounded-xl border bg-surface p-6 shadow-card sm:p-7",
				plan.highlighted && "border-accent ring-1 ring-accent",
			)}
		>
			<div className="flex items-center justify-between gap-2">
				<h2 className="font-semibold text-lg">{plan.name}</h2>
				{plan.highlighted && <Badge tone="blue">Most chosen</Badge>}
			</div>
			<p className="mt-1 text-muted">{plan.summary}</p>
			<p className="mt-6 flex items-baseline gap-1.5">
				<span className="font-semibold text-4xl tabular-nums tracking-tight">${plan.pricePerMonth}</span>
				<span className="text-muted text-sm">{plan.pricePerMonth > 0 ? "a person and month" : "for ever"}</span>
			</p>
			<ul className="mt-6 mb-8 space-y-2.5">
				{plan.features.map((feature) => (
					<li key={feature} className="flex gap-2.5">
						<Check className="mt-1 size-3.5 shrink-0 text-link" strokeWidth={2.5} aria-hidden />
						{feature}
					</li>
				))}
			</ul>
			<ButtonLink
				href="/sign-up"
				variant={plan.highlighted ? "primary" : "secondary"}
				className="mt-auto h-10"
				aria-label={`Start with ${plan.name}`}
			>
				Start with {plan.name}
			</ButtonLink>
		</li>
	);
}
