import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { surfaceProblems } from "@/scripts/check-surfaces";
import * as listed from "./surfaces";
import { accessTo } from "./surfaces";

test("every page, handler and action is listed and asks for the permission that is listed", () => {
	expect(surfaceProblems(process.cwd(), listed)).toEqual([]);
});

describe("the check finds", () => {
	let root: string;
	beforeEach(() => {
		root = mkdtempSync(join(tmpdir(), "surfaces-"));
	});
	afterEach(() => rmSync(root, { recursive: true }));

	/** What the check says about an app of one file. */
	function check(file: string, source: string, lists: Partial<Parameters<typeof surfaceProblems>[1]> = {}): string[] {
		mkdirSync(dirname(join(root, file)), { recursive: true });
		writeFileSync(join(root, file), source);
		return surfaceProblems(root, { pages: {}, handlers: {}, actions: {}, ...lists });
	}

	const page = 'export default async function Page() { await requirePage("users.view", "/x"); return <p />; }';
	const action = 'export const a = formAction(s, async () => { await act(await requirePermission("users.view")); });';

	test("nothing where code and list agree", () => {
		expect(check("app/(g)/x/[id]/page.tsx", page, { pages: { "/x/[id]": "users.view" } })).toEqual([]);
		expect(
			check("app/x/y/page.tsx", "export default () => <p />;", {
				pages: { "/x/[id]": "users.view", "/x/y": "public" },
			}),
		).toEqual([]);
	});

	test("a page, a handler and an action that nobody has listed", () => {
		expect(check("app/x/page.tsx", page)).toEqual([expect.stringContaining('"/x" is not in `pages`')]);
		const handlers = check("app/api/route.ts", "export async function POST() {} export const GET = endpoint({});");
		expect(handlers.join()).toMatch(/"POST \/api" is not in `handlers`.*"GET \/api" is not in `handlers`/);
		expect(check("lib/x.ts", `"use server";\n${action}`).join()).toContain('"lib/x.ts a" is not in `actions`');
	});

	test("a handler in a folder whose name begins with a dot", () => {
		expect(check("app/.well-known/x/route.ts", "export async function GET() {}")).toEqual([
			expect.stringContaining('"GET /.well-known/x" is not in `handlers`'),
		]);
	});

	test("an entry for something that is gone", () => {
		expect(check("app/x/page.tsx", page, { pages: { "/x": "users.view", "/y": "public" } })).toEqual([
			'"/y" is listed in `pages`, but does not exist.',
		]);
	});

	test.each([
		["a page without its guard", "app/x/page.tsx", "export default () => <p />;", { pages: { "/x": "users.view" } }],
		["a page with another one", "app/x/page.tsx", page, { pages: { "/x": "console.view" } }],
		["a public page with a guard", "app/x/page.tsx", page, { pages: { "/x": "public" } }],
		[
			"an action without its guard",
			"app/a.ts",
			'"use server"; export async function a() {}',
			{ actions: { "app/a.ts a": "users.view" } },
		],
		[
			"an action with another one",
			"app/a.ts",
			`"use server"; ${action}`,
			{ actions: { "app/a.ts a": "users.suspend" } },
		],
		[
			"a handler with another one",
			"app/route.ts",
			'export const GET = endpoint({ permission: "users.view" });',
			{ handlers: { "GET /": "users.suspend" } },
		],
		[
			"a handler with one that is computed",
			"app/route.ts",
			"export const GET = endpoint({ permission: it });",
			{ handlers: { "GET /": "users.view" } },
		],
		[
			"a handler with a contract from elsewhere",
			"app/route.ts",
			"export const GET = endpoint(it);",
			{ handlers: { "GET /": "users.view" } },
		],
	] as const)("%s", (_, file, source, lists) => {
		expect(check(file, source, lists)).toEqual([expect.stringContaining("but asks for")]);
	});

	test("a folder that Next would serve as well", () => {
		expect(check("pages/api/x.ts", "export default () => {};")).toEqual([expect.stringContaining("pages: ")]);
	});

	test.each([
		["an action inside a component", "app/x.tsx", 'const X = () => <form action={async () => { "use server"; }} />;'],
		["an action that is exported from elsewhere", "app/a.ts", '"use server"; export { a } from "./b";'],
		["actions that are exported from elsewhere", "app/a.ts", '"use server"; export * from "./b";'],
		["a handler that is exported from elsewhere", "app/route.ts", 'export { GET } from "./b";'],
		["an action without a name", "app/a.ts", '"use server"; export default async function a() {}'],
		["a page in JavaScript without its guard", "app/x/page.js", 'import "./guard"; requirePage(it, "/x");'],
		["a file that cannot be read", "app/x/page.tsx", "export default async function {"],
	])("%s", (_, file, source) => {
		expect(check(file, source, { pages: { "/x": "public" } })).toContainEqual(expect.stringContaining(`${file}: `));
	});
});

describe("the access to a path", () => {
	test("is that of its own route and method", () => {
		expect(accessTo("/admin/users", "GET")).toBe("users.view");
		expect(accessTo("/api/admin/users/0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b/sessions", "DELETE")).toBe(
			"sessions.force-logout",
		);
		expect(accessTo("/api/admin/users/0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b", "GET")).toBe("users.view");
		expect(accessTo("/api/session/impersonation", "DELETE")).toBe("public");
		expect(accessTo("/api/session", "HEAD")).toBe("product.use");
	});

	test("of an action is that of the page it is posted to", () => {
		expect(accessTo("/admin/users", "POST")).toBe("users.view");
	});

	test("below a guarded route is that of the route, also where nothing is", () => {
		expect(accessTo("/admin/nothing/here", "GET")).toBe("console.view");
		expect(accessTo("/api/admin/users/x/nothing/here", "PUT")).toBe("users.view");
	});

	test("to a page that does not exist is public: it is simply not found", () => {
		expect(accessTo("/nothing", "GET")).toBe("public");
		expect(accessTo("/administration", "GET")).toBe("public");
	});
});
