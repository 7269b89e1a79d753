import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sessionProblems } from "./session-rules";

test("the app keeps the rules about the session", () => {
	expect(sessionProblems(process.cwd())).toEqual([]);
});

let root: string;
beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), "session-rules-"));
});
afterEach(() => rmSync(root, { recursive: true }));

/** What the rules say about an app of one file, or of several. */
function check(file: string, source: string, others: Record<string, string> = {}): string[] {
	for (const [path, text] of Object.entries({ [file]: source, ...others })) {
		mkdirSync(dirname(join(root, path)), { recursive: true });
		writeFileSync(join(root, path), text);
	}
	return sessionProblems(root);
}

describe("a session may not be read", () => {
	const problem = expect.stringContaining("it caches, and it or what it imports reads the session");
	test.each([
		["in a file that is cached", "lib/a.ts", '"use cache"; export const a = async () => currentSession();'],
		[
			"in a function that is cached",
			"lib/a.ts",
			'async function a() { "use cache"; return (await currentSession())?.user; }',
		],
		["in a private cache", "app/a.tsx", 'async function A() { "use cache: private"; await requirePage("x", "/"); }'],
		["in a remote cache", "app/a.tsx", 'async function A() { "use cache: remote"; return currentTokens(); }'],
		["in `unstable_cache`", "lib/a.ts", 'const a = unstable_cache(async () => findSession(tokens, origin), ["a"]);'],
		[
			"beside something cached, by which it could get in",
			"lib/a.ts",
			"const a = unstable_cache(b); const b = () => currentSession();",
		],
		["as a part of its module", "lib/a.ts", '"use cache"; export const a = async () => current.currentSession();'],
	])("%s", (_, file, source) => {
		expect(check(file, source)).toEqual([problem]);
	});

	const others = {
		"lib/b.tsx": 'export { c } from "./c/d";',
		"lib/c/d.ts": "export const c = async () => (await currentSession())?.user.name;",
	};
	test.each([
		["imports", 'import { c } from "@/lib/b"; async function a() { "use cache"; return c(); }'],
		["imports when it runs", 'async function a() { "use cache"; return (await import("./b")).c(); }'],
	])("by what something cached %s, however far away", (_, source) => {
		expect(check("lib/a.ts", source, others)).toEqual([problem]);
	});

	test("under another name, by which no rule would find it", () => {
		const source = 'import { currentSession as who } from "@/lib/session/current"; export const a = () => who();';
		expect(check("lib/a.ts", source)).toEqual(["lib/a.ts: it reads the session under another name."]);
	});

	test("while something cached may know its types", () => {
		const source = 'import type { c } from "@/lib/b"; async function a() { "use cache"; }';
		expect(check("lib/a.ts", source, others)).toEqual([]);
	});
});

describe("a session may not be kept", () => {
	test.each([
		["by the module, from its start", "const session = await currentSession();", "when the module is loaded"],
		[
			"in a variable",
			"let last; export async function a() { last = await currentSession(); }",
			"a variable of the module",
		],
		[
			"in a field",
			"const last = {}; export async function a() { last.one = await findSession(t, o); }",
			"a variable of the module",
		],
		[
			"on globalThis",
			"export async function a() { globalThis.last ??= await currentSession(); }",
			"a variable of the module",
		],
		[
			"in a map",
			"const all = new Map(); async function a(t) { all.set(t, await findSession(t)); }",
			"a collection of the module",
		],
		[
			"in a map by way of a variable",
			"const all = new Map(); async function a(t) { const found = await findSession(t); all.set(t, found); }",
			"a collection of the module",
		],
		[
			"in a map by its parts",
			'const roles = processWide("roles", () => new Map()); async function a() { const { user } = await requirePermission("x"); roles.set(user.id, user.role); }',
			"a collection of the module",
		],
		[
			"in what the process shares",
			'async function a() { const session = await currentSession(); processWide("all", () => []).push(session); }',
			"a collection of the module",
		],
	])("%s", (_, source, problem) => {
		expect(check("lib/a.ts", source)).toEqual([expect.stringContaining(problem)]);
	});

	test("but may be used", () => {
		const source = `
			const seals = new Map();
			export const read = cache(async () => findSession(await currentTokens(), origin));
			export async function a() {
				const session = await requirePermission("x");
				const own = new Map();
				own.set(session.id, session);
				seals.set("a", "b");
				return own;
			}`;
		expect(check("lib/a.ts", source)).toEqual([]);
	});
});

describe("a guard does not count", () => {
	test.each([
		["in a layout", "app/layout.tsx", 'export default async () => { await requirePage("x", "/"); };'],
		[
			"in a layout that sends away",
			"app/(app)/layout.tsx",
			'export default async () => { if (!(await currentSession())) redirect("/"); };',
		],
		[
			"in a layout that hides",
			"app/admin/layout.jsx",
			"export default async () => { if (!(await currentSession())) notFound(); };",
		],
		["in a template", "app/template.tsx", 'export default async () => { await requirePermission("x"); };'],
		[
			"in the frame of a layout",
			"app/_frame/frame.tsx",
			'export async function Frame() { await requirePage("x", "/"); }',
		],
	])("%s", (_, file, source) => {
		expect(check(file, source)).toEqual([expect.stringContaining("so it cannot guard")]);
	});

	test("while a layout may show who is there", () => {
		const source =
			"export default async () => { const session = await currentSession(); return <p>{session?.user.name}</p>; };";
		expect(check("app/layout.tsx", source)).toEqual([]);
	});

	test.each([
		["in a page", "app/x/page.tsx", 'export default async function Page() { requirePage("x", "/x"); return <p />; }'],
		[
			"in an action",
			"app/x/actions.ts",
			'"use server"; export const a = formAction(s, async () => { const session = requirePermission("x"); });',
		],
	])("when nobody awaits it, %s", (_, file, source) => {
		expect(check(file, source)).toEqual([`${file}: it does not await its guard.`]);
	});

	const load = 'const load = cache(async () => { const session = await requirePage("x", "/x"); return session; });';
	test.each([
		[
			"the component",
			`${load} export async function generateMetadata() { await load(); } export default () => <p />;`,
			"component",
		],
		[
			"the component, defined before",
			`${load} async function Page() { return <p />; } export default Page;`,
			"component",
		],
		[
			"the title",
			`${load} export async function generateMetadata() { return { title: await name() }; } export default async function Page() { await load(); }`,
			"generateMetadata",
		],
	])("when %s does not come by it", (_, source, name) => {
		expect(check("app/x/page.tsx", source)).toEqual([`app/x/page.tsx: its ${name} does not come by the guard.`]);
	});

	test("while a guard that page and title share counts for both", () => {
		const source = `${load} export const generateMetadata = async () => load(); export default async function Page() { await load(); }`;
		expect(check("app/x/page.tsx", source)).toEqual([]);
	});
});
