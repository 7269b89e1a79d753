/**
 * Keeps what was typed into a form while its person signs in again, in this tab only. Passwords and hidden fields are
 * never kept, and nobody else gets it: it is bound to the account that `data-account` names, and to half an hour.
 */

const KEPT_SECONDS = 30 * 60;

type Kept = { account?: string; values: [name: string, value: string][]; at: number };

/** Lets every form of the page keep what was typed into it. Call just before leaving the page. */
export function keepForms(): void {
	window.dispatchEvent(new Event(KEEP_FORMS));
}

/** The event by which `keepForms` tells them. */
export const KEEP_FORMS = "keep-forms";

/** Keeps what was typed into this form, for `restoreTyped`. */
export function keepTyped(form: HTMLFormElement): void {
	const values = typed(form).map((field): [string, string] => [field.name, state(field)]);
	const kept: Kept = { account: account(), values, at: Date.now() };
	sessionStorage.setItem(key(form), JSON.stringify(kept));
}

/** Puts back what was kept for this form on this page, once; answers whether there was anything. */
export function restoreTyped(form: HTMLFormElement): boolean {
	const kept: Kept | null = JSON.parse(sessionStorage.getItem(key(form)) ?? "null");
	if (!kept) return false;
	sessionStorage.removeItem(key(form));
	if (kept.account !== account() || Date.now() - kept.at > KEPT_SECONDS * 1000) return false;
	const values = new Map(kept.values);
	for (const field of typed(form)) {
		const value = values.get(field.name);
		if (value === undefined) continue;
		if (isCheckable(field)) field.checked = value.split("\n").includes(field.value);
		else field.value = value;
	}
	return kept.values.some(([, value]) => value !== "");
}

/** Whether anything in `form` differs from what the page came with. */
export function wasChanged(form: HTMLFormElement): boolean {
	return typed(form).some((field) => {
		if (isCheckable(field)) return field.checked !== field.defaultChecked;
		if (field instanceof HTMLSelectElement) {
			return Array.from(field.options).some((option) => option.selected !== option.defaultSelected);
		}
		return field.value !== field.defaultValue;
	});
}

/** Whether there is anything in `form` to fill in. */
export function hasFields(form: HTMLFormElement): boolean {
	return form.querySelector("input:not([type=hidden]), textarea, select") !== null;
}

/** Empties the passwords of `form`. */
export function clearSecrets(form: HTMLFormElement): void {
	for (const field of form.querySelectorAll<HTMLInputElement>("[data-secret]")) field.value = "";
}

type Typed = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const NEVER_KEPT = new Set(["password", "hidden", "file", "submit", "button", "reset", "image"]);

function typed(form: HTMLFormElement): Typed[] {
	return Array.from(form.elements).filter((element): element is Typed => {
		const field = element as Typed;
		return Boolean(field.name) && !NEVER_KEPT.has(field.type) && field.dataset.secret === undefined;
	});
}

function state(field: Typed): string {
	if (!isCheckable(field)) return field.value;
	const same = field.form?.querySelectorAll<HTMLInputElement>(`[name="${CSS.escape(field.name)}"]:checked`) ?? [];
	return Array.from(same, (checked) => checked.value).join("\n");
}

const isCheckable = (field: Typed): field is HTMLInputElement => field.type === "checkbox" || field.type === "radio";
const account = () => document.querySelector<HTMLElement>("[data-account]")?.dataset.account;

/** The forms of one page are told apart by what their button says and by the names of their fields. */
function key(form: HTMLFormElement): string {
	const button = form.querySelector("[type=submit]")?.textContent;
	const names = typed(form).map((field) => field.name);
	return `kept-form:${location.pathname}:${button}:${names.join()}`;
}
