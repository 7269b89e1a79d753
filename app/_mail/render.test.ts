import { describe, expect, test } from "vitest";
import type { Mail, MailKind } from "@/lib/mail/mails";
import { renderMail } from "./render";

const to = { name: "Alice <script>alert(1)</script>", email: "alice@example.com" };
const linkId = "0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b";
const link = "http://localhost:3000/link/reset-password/a-token";
const mails: Record<MailKind, Mail> = {
	"verify-email": { kind: "verify-email", to, linkId },
	"already-registered": { kind: "already-registered", to },
	"reset-password": { kind: "reset-password", to, linkId, because: "asked" },
	"password-changed": { kind: "password-changed", to, unlinked: true },
	"token-reused": { kind: "token-reused", to, device: "<script>alert(1)</script>" },
	"identity-changed": { kind: "identity-changed", to, provider: "Example", change: "linked" },
	"confirm-email-change": { kind: "confirm-email-change", to, linkId },
	"email-changed": { kind: "email-changed", to, linkId, newEmail: "new@example.com" },
	"new-device": {
		kind: "new-device",
		to,
		linkId,
		place: { device: "Chrome on macOS", ip: "203.0.113.7", at: "2026-01-31T09:30:00.000Z" },
	},
};

describe.each(Object.entries(mails))("the mail %s", (_kind, mail) => {
	test("says the same as HTML and as text, and holds its link in both", async () => {
		const { subject, html, text } = await renderMail(mail, link);
		expect(subject).toMatch(/^[A-Z][\w -]+$/);
		const addresses = (content: string) => [...content.matchAll(/http:\/\/localhost:3000[\w/-]*/g)].map(([url]) => url);
		expect(new Set(addresses(text))).toEqual(new Set(addresses(html)));
		expect(text.includes(link)).toBe("linkId" in mail);
		expect(text).toContain(to.email);
	});

	test("runs nothing that a name could bring along, and loads nothing from anywhere", async () => {
		const { html } = await renderMail(mail, link);
		expect(html).not.toContain("<script>");
		expect(html).not.toMatch(/<img|url\(|@import|<link/);
	});
});

test("the words for a link that somebody was sent say why", async () => {
	for (const because of ["asked", "admin", "disowned", "undone"] as const) {
		const { text } = await renderMail({ kind: "reset-password", to, linkId, because }, link);
		expect(text.includes("If you did not ask for this")).toBe(because === "asked");
	}
});
