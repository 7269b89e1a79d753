/** E-mail addresses, normalised once, so that one mailbox is one account. */
import { domainToASCII } from "node:url";

/**
 * Unicode compatibility form, no surrounding space, lower case, the domain in ASCII (IDNA). The local part is lower-cased
 * too: RFC 5321 lets it be case-sensitive, no mail service in use is, and two accounts that differ in case are a trap.
 */
export function normalizeEmail(input: string): string {
	const text = input.normalize("NFKC").trim().toLowerCase();
	const at = text.lastIndexOf("@");
	return at === -1 ? text : `${text.slice(0, at)}@${domainToASCII(text.slice(at + 1))}`;
}
