/** The form fields of an account: one schema each, shared by every form and API that takes them. */
import { dictionary } from "@zxcvbn-ts/language-common";
import { z } from "zod";
import { roles } from "@/lib/permissions/matrix";
import { normalizeEmail } from "./email";

const EMAIL_LIMIT_CHARACTERS = 254;
const NAME_LIMIT_CHARACTERS = 100;
const DEVICE_LIMIT_CHARACTERS = 80;
export const PASSWORD_MIN_CHARACTERS = 8;
export const PASSWORD_MAX_CHARACTERS = 128;

const NO_ADDRESS = "Enter an e-mail address, like name@example.com.";
/** What stands around addresses in the head of a mail (RFC 5322, section 3.2.3): taken off there, it would give one mailbox many. */
const SPECIALS = /[\p{Cs}<>()[\]\\,;:"]/u;

/** An e-mail address; gives it back normalised. Whether it exists, only a mail to it can tell. */
export const emailField = z
	.string({ error: "Enter your e-mail address." })
	// First of all: normalizing takes a time that grows with the square of what is sent, and visitors send what they like.
	.max(EMAIL_LIMIT_CHARACTERS, { error: "That e-mail address is too long." })
	.transform(normalizeEmail)
	.pipe(
		z
			.string()
			.max(EMAIL_LIMIT_CHARACTERS, { error: "That e-mail address is too long." })
			.regex(/^[^\s@\p{Cc}]+@[^\s@\p{Cc}.]+(\.[^\s@\p{Cc}.]+)+$/u, { error: NO_ADDRESS })
			.refine((email) => !SPECIALS.test(email), { error: NO_ADDRESS }),
	);

/** One line of text without control characters. */
export const nameField = z
	.string({ error: "Enter your name." })
	.trim()
	.min(1, { error: "Enter your name." })
	.max(NAME_LIMIT_CHARACTERS, { error: `Use at most ${NAME_LIMIT_CHARACTERS} characters.` })
	.regex(/^\P{Cc}*$/u, { error: "Use letters, digits and punctuation only." });

/** What a native app calls its device, such as "Alice's phone": a line that others read, in lists and in mails. */
export const deviceNameField = z
	.string({ error: 'Say which device this is, such as "Pixel 12".' })
	.trim()
	.min(1, { error: 'Say which device this is, such as "Pixel 12".' })
	.max(DEVICE_LIMIT_CHARACTERS, { error: `Use at most ${DEVICE_LIMIT_CHARACTERS} characters.` })
	// Nor what turns the direction of the text around it.
	.regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]*$/u, { error: "Use letters, digits and punctuation only." });

/** Words that anyone would think of first here. Add those of your product and your company (V6.1.2 and V6.2.11). */
const contextWords = ["kickoff", "password", ...roles];
const anyContextWord = new RegExp(contextWords.join("|"), "gi");

/** Each character counts once, also when it takes two UTF-16 units (NIST SP 800-63B, "Passwords"). */
const charactersIn = (password: string) => [...password].length;

const commonPasswords = new Set<string>(dictionary["passwords-common"] as string[]);

/**
 * A password being chosen: any characters, no composition rules, but none that everybody tries first
 * (OWASP ASVS 5.0, V6.2.1, V6.2.4, V6.2.5, V6.2.9 and V6.2.12).
 */
export const newPasswordField = z
	.string({ error: "Choose a password." })
	.refine((password) => charactersIn(password) >= PASSWORD_MIN_CHARACTERS, {
		error: `Use at least ${PASSWORD_MIN_CHARACTERS} characters.`,
	})
	.refine((password) => charactersIn(password) <= PASSWORD_MAX_CHARACTERS, {
		error: `Use at most ${PASSWORD_MAX_CHARACTERS} characters.`,
	})
	.refine((password) => !commonPasswords.has(password.toLowerCase()) && !isMadeOfContext(password), {
		error: "That password is one of the first that anyone would try. Choose another.",
	});

/** Whether too little is left of it without the words of {@link contextWords}, as in "Kickoff2026!". */
function isMadeOfContext(password: string): boolean {
	const rest = password.replace(anyContextWord, "");
	return rest.length < password.length && rest.length < PASSWORD_MIN_CHARACTERS;
}

/** A password being checked: whatever was typed, up to a length that is worth hashing. */
export const givenPasswordField = z
	.string({ error: "Enter your password." })
	.min(1, { error: "Enter your password." })
	.refine((password) => charactersIn(password) <= PASSWORD_MAX_CHARACTERS, {
		error: `Passwords have at most ${PASSWORD_MAX_CHARACTERS} characters.`,
	});
