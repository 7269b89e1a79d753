/** Every mail there is, with what it needs to say. How each looks is told in app/_mail. */

interface To {
	name: string;
	email: string;
}

/** Where something was done from, in words. */
export interface Place {
	/** "Chrome on macOS". */
	device: string;
	ip: string | null;
	/** When, in ISO 8601. */
	at: string;
}

/** A mail that carries a link; it is not sent when the link was used or called off meanwhile. */
type WithLink =
	| { kind: "verify-email"; to: To; linkId: string }
	| { kind: "reset-password"; to: To; linkId: string; because: "asked" | "admin" | "disowned" | "undone" }
	| { kind: "confirm-email-change"; to: To; linkId: string }
	| { kind: "email-changed"; to: To; linkId: string; newEmail: string }
	| { kind: "new-device"; to: To; linkId: string; place: Place };

type WithoutLink =
	| { kind: "already-registered"; to: To }
	/** `unlinked`: and with it all identities were unlinked. */
	| { kind: "password-changed"; to: To; unlinked?: boolean }
	| { kind: "token-reused"; to: To; device: string }
	/** `provider` is its name: "Continue with …". */
	| { kind: "identity-changed"; to: To; provider: string; change: "linked" | "unlinked" };

export type Mail = WithLink | WithoutLink;
export type MailKind = Mail["kind"];

/** A mail as it goes out. */
export interface RenderedMail {
	subject: string;
	html: string;
	text: string;
}

/** Makes the mail out of what it needs to say and the address of its link. */
export type RenderMail = (mail: Mail, link: string | null) => Promise<RenderedMail>;
