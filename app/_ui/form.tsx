"use client";

/**
 * A form around a server action that never loses what was typed. With JavaScript the answer arrives in place; without
 * it the same action answers with a page. Fields inside find their errors by name, so the children may be anything.
 * A form that is no more than a button says what went wrong in a toast instead of above itself.
 */
import { unstable_rethrow } from "next/navigation";
import {
	type ComponentProps,
	createContext,
	type FormEvent,
	type ReactNode,
	startTransition,
	use,
	useActionState,
	useEffect,
	useEffectEvent,
	useRef,
	useState,
} from "react";
import { toast } from "sonner";
import { Alert } from "@/app/_ui/alert";
import { cx } from "@/app/_ui/cx";
import {
	clearSecrets,
	hasFields,
	KEEP_FORMS,
	keepForms,
	keepTyped,
	restoreTyped,
	wasChanged,
} from "@/app/_ui/kept-form";
import { useStepUp } from "@/app/_ui/proof";
import type { ActionResult, FormAction } from "@/lib/action";

const FormContext = createContext<{ result: ActionResult; pending: boolean }>({ result: null, pending: false });

type Props = Omit<ComponentProps<"form">, "action" | "onSubmit"> & {
	action: FormAction;
	/** Called once for every answer that is `ok`, after the form was reset. */
	onSuccess?: (result: Extract<ActionResult, { ok: true }>) => void;
	children: ReactNode;
};

export function ActionForm({ action, onSuccess, children, className, ...props }: Props) {
	const form = useRef<HTMLFormElement>(null);
	const [restored, setRestored] = useState(false);
	const [onlyButton, setOnlyButton] = useState(false);
	const [result, send, pending] = useActionState(guarded(action, useStepUp(action)), null);

	const keep = useEffectEvent(() => {
		// What was refused is the default of its field now, so that it does not look changed any more.
		if (form.current && (result?.ok === false || wasChanged(form.current))) keepTyped(form.current);
	});

	useEffect(() => {
		if (!form.current) return;
		setOnlyButton(!hasFields(form.current));
		if (restoreTyped(form.current)) setRestored(true);
		window.addEventListener(KEEP_FORMS, keep);
		return () => window.removeEventListener(KEEP_FORMS, keep);
	}, []);

	const succeeded = useRef(onSuccess);
	succeeded.current = onSuccess;
	useEffect(() => {
		if (!result || !form.current) return;
		if (result.ok) {
			form.current.reset();
			setRestored(false);
			succeeded.current?.(result);
		} else if (result.code === "session-ended") {
			keepForms();
			location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
		} else {
			if (!hasFields(form.current)) toast.error(result.message);
			clearSecrets(form.current);
			firstBadField(form.current, result.fields)?.focus();
		}
	}, [result]);

	/** Sends by hand, because React empties a form after its action even when the action said no. */
	function submit(event: FormEvent<HTMLFormElement>) {
		event.preventDefault();
		if (pending) return;
		const submitter = (event.nativeEvent as SubmitEvent).submitter;
		const data = new FormData(event.currentTarget, submitter);
		startTransition(() => send(data));
	}

	return (
		<FormContext value={{ result, pending }}>
			<form ref={form} action={send} onSubmit={submit} className={cx("space-y-4", className)} {...props}>
				{result?.ok === false && !onlyButton && <Alert tone="error">{result.message}</Alert>}
				{restored && <Alert>We kept what you had typed.</Alert>}
				{children}
			</form>
		</FormContext>
	);
}

/** What the form around knows about a field once it was refused: its errors, and what was typed (never a password). */
export function useFormField(name: string): { refused: boolean; errors?: string[]; value?: string } {
	const { result } = use(FormContext);
	if (!result || result.ok) return { refused: false };
	return { refused: true, errors: result.fields[name], value: result.values[name] };
}

/** Whether the form around is on its way to the server. */
export function useFormPending(): boolean {
	return use(FormContext).pending;
}

/**
 * In the browser, says what was done, and turns a lost connection into a failure that leaves the form as it is. A bug
 * on the server (it has a digest) still goes to `error.tsx`. On the server the action stays itself, or the form would
 * not work without JavaScript.
 */
function guarded(action: FormAction, inBrowser: FormAction): FormAction {
	if (typeof window === "undefined") return action;
	return async (previous, form) => {
		try {
			const result = await inBrowser(previous, form);
			// Here and not in an effect: the new page may come without this form, as when its row is gone.
			if (result?.ok && result.message) toast.success(result.message);
			return result;
		} catch (error) {
			unstable_rethrow(error);
			if (error instanceof Error && "digest" in error) throw error;
			const message = "The server could not be reached. Please try again.";
			return { ok: false, code: "unavailable", message, fields: {}, values: {} };
		}
	};
}

function firstBadField(form: HTMLFormElement, fields: Record<string, string[]>) {
	return Array.from(form.elements).find(
		(element): element is HTMLInputElement =>
			"name" in element && String(element.name) in fields && (element as HTMLInputElement).type !== "hidden",
	);
}
