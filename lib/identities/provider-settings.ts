/**
 * What there is to say about an identity provider, and OIDC_PROVIDERS, where a deployment says it. Pure: a part of the
 * environment's schema.
 */
import { z } from "zod";

const EXAMPLE =
	'[{"id":"example","name":"Example","issuer":"https://id.example.com","clientId":"…","clientSecret":"…"}]';

/** Roles that a provider may give. Nobody is made an owner from outside. */
const grantable = z.array(z.string().min(1)).default([]);

export const PROVIDER_ID = /^[a-z0-9][a-z0-9-]{0,31}$/;
export const PROVIDER_NAME_LIMIT = 40;

const provider = z.strictObject({
	/** Stands in the address that the provider sends people back to: APP_URL/sign-in/callback/ID. */
	id: z.string().regex(PROVIDER_ID, { error: "use a-z, 0-9 and hyphens" }),
	/** "Continue with NAME". */
	name: z.string().trim().min(1).max(PROVIDER_NAME_LIMIT),
	/** Exactly as the provider writes it: with or without a slash at the end. */
	issuer: z.string().refine(isIssuer, { error: "use https, without query and fragment" }),
	clientId: z.string().min(1),
	clientSecret: z.string().min(1),
	/** Which values of one claim give newcomers a role. Without it everybody begins as a user. */
	roles: z.strictObject({ claim: z.string().min(1), support: grantable, admin: grantable }).optional(),
});

export type ProviderSettings = z.output<typeof provider>;

export const providersField = z
	.string()
	.default("[]")
	.transform((text, context) => {
		const parsed = providers.safeParse(readJson(text));
		if (parsed.success) return parsed.data;
		const problems = parsed.error.issues.map(({ path, message }) =>
			[path.join("."), message].filter(Boolean).join(": "),
		);
		context.addIssue({
			code: "custom",
			message: `Set OIDC_PROVIDERS to JSON like ${EXAMPLE} (${problems.join("; ")}).`,
		});
		return z.NEVER;
	});

/** Two providers with one issuer would be one: an identity is known by its issuer. */
const providers = z.array(provider).superRefine((list, context) => {
	for (const key of ["id", "issuer"] as const) {
		if (new Set(list.map((one) => one[key])).size < list.length) {
			context.addIssue({ code: "custom", message: `two have the same ${key}` });
		}
	}
});

/**
 * Whether the text can be an issuer's: its address, as it stands. Plain HTTP only for providers on this machine, which are
 * there for development and tests.
 */
export function isIssuer(text: string): boolean {
	// A URL takes any character and shows most of them: people read it, and one letter may look like another.
	if (!hasPlainHost(text) || !/^[!-~]+$/.test(text)) return false;
	// A query may be empty, and braces stand for the tenant where one issuer is many.
	if (/[?#{}]/.test(text)) return false;
	const { protocol, hostname, username, password } = new URL(text);
	const isSafe = protocol === "https:" || (protocol === "http:" && isThisMachine(hostname));
	return isSafe && !username && !password;
}

/**
 * Whether it is an address whose host is a name or a number, no longer than DNS has them. A URL's host may hold more, as in
 * "https://x;sandbox" or "https://*", and origins stand in the policy of pages (see ./form-targets), where that would be a
 * directive or any host, and a header that nobody takes if it were too long.
 */
export function hasPlainHost(address: string): boolean {
	return URL.canParse(address) && /^([a-z0-9._-]{1,253}|\[[0-9a-f:.]+\])$/.test(new URL(address).hostname);
}

/** Whether the name stands for this machine, wherever it is read. */
export const isThisMachine = (hostname: string) => ["localhost", "127.0.0.1"].includes(hostname);

/** Undefined for what is no JSON. What the parser would say about it quotes it, and secrets are in it. */
function readJson(text: string): unknown {
	try {
		return JSON.parse(text || "[]");
	} catch {
		return undefined;
	}
}
