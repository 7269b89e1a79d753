/** What the terminal shows at the start. */
import { styleText } from "node:util";
import type { DemoPeople } from "./demo";

export function printAddress(): void {
	console.log(`\n  ${styleText("bold", "Kickoff")}  ${styleText("cyan", process.env.APP_URL ?? "")}`);
}

/** Shown once, on the first start: the password is not stored in readable form. */
export function printDemoPeople({ people, password }: DemoPeople): void {
	const shown = people.slice(0, 5);
	const width = Math.max(...shown.map(({ email }) => email.length));
	console.log("\n  Demo people, all with one password, which is shown only now:\n");
	for (const { email, role } of shown) console.log(`    ${email.padEnd(width)}  ${styleText("dim", role)}`);
	console.log(`\n    ${styleText("bold", password)}\n`);
}

export function printOwnerHint(): void {
	console.log("\n  Nobody owns this installation yet: npm run owner:create -- you@example.com\n");
}

/** Where mails go when there is no mail server. */
export function printMailbox(): void {
	if (process.env.SMTP_URL) return;
	console.log(`  ${styleText("dim", "Mails")}    ${styleText("cyan", `${process.env.APP_URL}/dev/mailbox`)}`);
}
