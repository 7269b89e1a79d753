/** Two credentials after the same click: the JWT lives on until it expires, the session is refused. A drawing in HTML. */
import { cx } from "@/app/_ui/cx";

export function Lanes() {
	return (
		<figure className="rounded-xl border bg-surface p-5 shadow-card sm:p-8">
			<div className="grid gap-8">
				<Lane
					name="A JWT with 15 minutes to live"
					after="still works, for whoever holds it"
					end="14:18:00 · expires at last"
					tone="bad"
				/>
				<Lane name="A Kickoff session" after="refused, from the next request on" end="14:03:06 · refused" tone="good" />
			</div>
			<figcaption className="mt-8 border-t pt-4 text-faint text-sm">
				At 14:03:02 an administrator clicks Force log out. A denylist, a short expiry with refresh tokens or a version
				claim would mend the first lane, and each of them brings the state back.
			</figcaption>
		</figure>
	);
}

function Lane({ name, after, end, tone }: { name: string; after: string; end: string; tone: "good" | "bad" }) {
	const bad = tone === "bad";
	return (
		<div>
			<p className="mb-3 flex flex-wrap justify-between gap-x-4 font-medium text-sm">
				{name}
				<span className={cx("font-normal tabular-nums", bad ? "text-red" : "text-green")}>{end}</span>
			</p>
			<div className="flex h-9 items-stretch gap-1 text-sm">
				<div className="flex w-1/4 items-center rounded-s-md bg-green-soft px-3 text-green max-sm:w-1/5">
					<span className="truncate max-sm:sr-only">signed in</span>
				</div>
				<div className="relative w-0.5 rounded-full bg-ink">
					<span className="absolute -top-1 -start-[3px] size-2 rounded-full bg-ink" aria-hidden />
				</div>
				<div
					className={cx(
						"flex min-w-0 flex-1 items-center rounded-e-md px-3",
						bad ? "bg-red-soft text-red" : "border border-dashed border-edge text-muted",
					)}
				>
					<span className="truncate">{after}</span>
				</div>
			</div>
		</div>
	);
}
