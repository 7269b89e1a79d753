/**
 * What a client sends gets into the log only as a value: it begins no line, forges no entry and steers no terminal.
 * (OWASP ASVS 5.0, V16.4.1.)
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../build";
import { expect, test } from "../fixtures";
import { appUrl, appWithoutProxyUrl, request } from "../request";
import { actionId } from "./built";
import { sendRaw } from "./raw";
import { sendArguments } from "./send-action";

const logOf = (name: string) => readFileSync(join(ROOT, ".data", "e2e", `${name}.log`), "utf8");

test("line breaks, escapes and huge values in all that a client can send stay in one structured line", async () => {
	// Short, because JSON.parse quotes no more than ten characters; and no digit first, which it could read.
	const mark = `mark${crypto.randomUUID().slice(0, 5)}`;
	const forged = `{"level":30,"msg":"forged ${mark}"}`;
	// Escapes of terminals in one byte and in two, and other line breaks than the usual ones.
	const hostile = `${mark}\n${forged}\r\n${forged}\u001b[31m\u009b31m\u0085\u2028${forged}`;
	const asBytes = Buffer.from(`${mark}\u009b31m\u0085\u2028`).toString("latin1");
	const huge = mark.repeat(1_000);
	const signIn = actionId("signInAction");
	for (const on of [appUrl(), appWithoutProxyUrl()]) {
		// Errors of Next and of JSON.parse quote what they could not read.
		for (const given of [hostile, `"${hostile}`, `[${hostile}`, huge, `{"${huge}`]) {
			await sendArguments(signIn, given, { as: null, path: "/sign-in", on });
		}
		// Next answers a form that it cannot read before all of it has come, and may hang up: what counts is what it logs.
		for (const value of [hostile, huge]) {
			await sendArguments(signIn, formWith(value), { as: null, path: "/sign-in", on, alone: true }).catch(() => {});
		}
		const body = JSON.stringify({ [hostile]: hostile, password: `secret ${hostile}` });
		await request("/api/session/proof", { method: "POST", headers: { "Content-Type": "application/json" }, body, on });
		for (const path of ["/", "/sign-in", "/dashboard", "/api/session", "/nothing"]) {
			const target = `${path}?q=${encodeURIComponent(hostile)}&${encodeURIComponent(hostile)}=1`;
			for (const name of [
				"User-Agent",
				"Referer",
				"Origin",
				"Next-Action",
				"Next-Router-State-Tree",
				"Accept-Language",
			]) {
				for (const value of [asBytes, huge]) {
					await sendRaw(target, {
						on,
						method: name === "Next-Action" ? "POST" : "GET",
						headers: [
							[name, value],
							["RSC", "1"],
						],
					});
				}
			}
		}
		await sendRaw(`/${asBytes}`, { on });
		await sendRaw(`/admin/users/${encodeURIComponent(hostile)}`, { on });
	}
	for (const name of ["app", "app-without-proxy"]) {
		const about = logOf(name)
			.split("\n")
			.filter((line) => line.includes(mark));
		expect(about.length, "lines that quote what was sent").toBeGreaterThan(3);
		for (const line of about) {
			expect(line.length).toBeLessThan(20_000);
			expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e]/u);
			expect(JSON.parse(line).msg).not.toContain(mark);
		}
	}
});

function formWith(value: string): FormData {
	const form = new FormData();
	for (const name of ["_1_email", "_1_next", `_1_${value}`]) form.append(name, value);
	form.append("_1_password", `secret ${value}`);
	form.append("0", '[null,"$K1"]');
	return form;
}
