"use client";

/**
 * A search form whose answer is the page's address. It applies itself as one types or chooses and keeps the focus;
 * without JavaScript the button does the same. What is in the address but not in the form (a page's cursor) is dropped.
 */
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import {
	type FormEvent,
	type ReactNode,
	type RefObject,
	useEffectEvent,
	useLayoutEffect,
	useRef,
	useTransition,
} from "react";
import { Button } from "@/app/_ui/button";
import { Progress } from "@/app/_ui/progress";

const DEBOUNCE_MILLISECONDS = 250;

type Props = {
	/** Names the form for screen readers: "Filter users". */
	label: string;
	/** Parameters that are not filters but stay, for example `sort`. */
	keep?: string[];
	/** Fields, each with a `name` and, as its default, what the address says now. */
	children: ReactNode;
};

export function FilterBar({ label, keep = [], children }: Props) {
	const form = useRef<HTMLFormElement>(null);
	const timer: Timer = useRef(undefined);
	const [pending, startTransition] = useTransition();
	const router = useRouter();
	const path = usePathname();
	const params = useSearchParams();
	const kept = keep.flatMap((name) => params.getAll(name).map((value): [string, string] => [name, value]));
	const active = Array.from(params.keys()).some((name) => !keep.includes(name) && name !== "cursor");

	// Not `params`, which is another object whenever the page is fetched anew.
	const said = params.toString();
	/** The query that was asked for last: what the address says, or what is on its way there. */
	const asked = useRef(said);

	// What was chosen before this script ran is not in the address yet. Later, Back, forward, links and "Clear" change the
	// address, and the fields follow: at once, so that no change is applied in between, but not while one is on its way.
	const isFirst = useRef(true);
	const applyEarly = useEffectEvent(apply);
	useLayoutEffect(() => {
		if (pending) return;
		const wasFirst = isFirst.current;
		isFirst.current = false;
		asked.current = said;
		const fields = fieldsOf(form.current);
		const params = new URLSearchParams(said);
		if (wasFirst && !fields.every((field) => says(field, params))) return applyEarly();
		if (timer.current !== undefined) return;
		// Also those that say so already, by their new default: React has to learn it, or it takes the next change for none.
		for (const field of fields) if (field !== document.activeElement || !isTyped(field)) follow(field, params);
	}, [said, pending]);

	// Where the person goes wins over what they typed just before: a search that came later would keep them here. From the
	// moment at which something can be typed: an effect that runs after the page was painted may come later than a quick click.
	useLayoutEffect(() => {
		function yieldTo(event: Event) {
			if (leadsElsewhere(event, form.current)) stop(timer);
		}
		for (const type of LEAVING) window.addEventListener(type, yieldTo, { capture: true });
		return () => {
			stop(timer);
			for (const type of LEAVING) window.removeEventListener(type, yieldTo, { capture: true });
		};
	}, []);

	function go(query: URLSearchParams) {
		stop(timer);
		if (query.toString() === asked.current) return;
		asked.current = query.toString();
		startTransition(() => router.replace(query.size > 0 ? `${path}?${query}` : path, { scroll: false }));
	}

	function apply() {
		if (!form.current) return;
		const filled = Array.from(new FormData(form.current)).filter(
			([, value]) => typeof value === "string" && value.trim(),
		);
		go(new URLSearchParams(filled as [string, string][]));
	}

	function clear() {
		const query = new URLSearchParams(kept);
		// Now, and not when the answer is there: what is chosen meanwhile is chosen from nothing.
		for (const field of fieldsOf(form.current)) follow(field, query);
		go(query);
	}

	function change(event: FormEvent) {
		stop(timer);
		timer.current = setTimeout(apply, isTyped(event.target as FilterField) ? DEBOUNCE_MILLISECONDS : 0);
	}

	function submit(event: FormEvent) {
		event.preventDefault();
		apply();
	}

	return (
		<search aria-label={label} className="mb-4 block">
			<form ref={form} action={path} onChange={change} onSubmit={submit} className={layout}>
				{kept.map(([name, value]) => (
					<input key={name} type="hidden" name={name} value={value} />
				))}
				{children}
				<noscript>
					<Button type="submit">Apply</Button>
				</noscript>
				{active && (
					<Button variant="ghost" onClick={clear}>
						Clear
					</Button>
				)}
				<Progress pending={pending} />
			</form>
		</search>
	);
}

/** Runs while a change waits to be applied. */
type Timer = RefObject<ReturnType<typeof setTimeout> | undefined>;

function stop(timer: Timer): void {
	clearTimeout(timer.current);
	timer.current = undefined;
}

/** Aligned at the top, so that a message below one field does not lift it; what has no label stands beside the fields. */
const layout =
	"flex flex-wrap items-start gap-x-2 gap-y-3 *:min-w-36 *:flex-none max-sm:grid max-sm:grid-cols-2 max-sm:*:min-w-0 sm:[&>:is(button,noscript,:has([type=checkbox]))]:mt-6.5 [&>:is(button,noscript)]:min-w-0";

/** Links, by mouse, finger or Enter; Back and forward; other forms, such as signing out. */
const LEAVING = ["click", "popstate", "submit"];

function leadsElsewhere(event: Event, form: HTMLFormElement | null): boolean {
	if (event.target === form) return false;
	if (!(event instanceof MouseEvent)) return true;
	const link = (event.target as Element).closest("a[href]");
	const opensTab = event.metaKey || event.ctrlKey || event.shiftKey;
	return link !== null && !opensTab;
}

type FilterField = HTMLInputElement | HTMLSelectElement;

function fieldsOf(form: HTMLFormElement | null): FilterField[] {
	return Array.from(form?.elements ?? []).filter(
		(element): element is FilterField =>
			(element instanceof HTMLInputElement || element instanceof HTMLSelectElement) && element.type !== "hidden",
	);
}

/** Whether the field shows what the address says. */
function says(field: FilterField, params: URLSearchParams): boolean {
	return isChoice(field) ? field.checked === isChosen(field, params) : field.value === valueFrom(field, params);
}

function follow(field: FilterField, params: URLSearchParams): void {
	if (isChoice(field)) field.checked = isChosen(field, params);
	else field.value = valueFrom(field, params);
}

const isTyped = (field: FilterField) => field instanceof HTMLInputElement && !isChoice(field);

const isChoice = (field: FilterField): field is HTMLInputElement => ["checkbox", "radio"].includes(field.type);

const isChosen = (field: HTMLInputElement, params: URLSearchParams) => params.getAll(field.name).includes(field.value);

/** An address may say what a list does not offer; the list shows its first entry then. */
function valueFrom(field: FilterField, params: URLSearchParams): string {
	const said = params.get(field.name) ?? "";
	if (field instanceof HTMLInputElement) return said;
	const offered = Array.from(field.options, ({ value }) => value);
	return offered.includes(said) ? said : (offered[0] ?? "");
}
