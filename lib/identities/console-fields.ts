/** The forms about identity providers in the console: what an owner types, and what it means. */
import { z } from "zod";
import { environment } from "@/lib/environment";
import { Refusal } from "@/lib/errors";
import { isIssuer, isThisMachine, PROVIDER_ID, PROVIDER_NAME_LIMIT, type ProviderSettings } from "./provider-settings";

const LIMIT = 500;
const NO_CONTROLS = "Use letters, digits and punctuation only.";

/** One line of at most so many characters. */
const line = (message: string, limit = LIMIT) =>
	z
		.string({ error: message })
		.trim()
		.min(1, { error: message })
		.max(limit, { error: `Use at most ${limit} characters.` })
		.regex(/^\P{Cc}*$/u, { error: NO_CONTROLS });

/** What a claim may say, one to a line or between commas: names of groups have spaces in them. */
const values = z
	.string()
	.max(LIMIT, { error: `Use at most ${LIMIT} characters.` })
	// The database keeps no NUL.
	.regex(/^[\P{Cc}\r\n]*$/u, { error: NO_CONTROLS })
	.default("")
	.transform((text) => [
		...new Set(
			text
				.split(/[,\r\n]+/)
				.map((value) => value.trim())
				.filter(Boolean),
		),
	]);

const changeable = {
	name: line("Give it a name.", PROVIDER_NAME_LIMIT),
	clientId: line("Enter the client id that the provider gave you."),
	rolesClaim: z
		.string()
		.trim()
		.max(LIMIT, { error: `Use at most ${LIMIT} characters.` })
		.regex(/^\P{Cc}*$/u, { error: NO_CONTROLS })
		.default(""),
	adminValues: values,
	supportValues: values,
};

const id = z.string({ error: "Choose an id." }).regex(PROVIDER_ID, {
	error: "Use at most 32 of a-z, 0-9 and hyphens.",
});

export const newProviderSchema = z.object({
	...changeable,
	id,
	issuer: line("Enter the issuer.")
		.refine(isIssuer, { error: "Enter an https address, without query and fragment." })
		.refine(mayBeAsked, { error: "Enter an https address: plain HTTP is for development alone." }),
	clientSecret: line("Enter the client secret that the provider gave you."),
});

export const changedProviderSchema = z.object({
	...changeable,
	id,
	/** Empty if it stays. */
	clientSecret: line("Enter the client secret that the provider gave you.").or(z.literal("")).optional(),
});

/** Which provider a button is about. */
export const onProviderSchema = z.object({ id });

/** Plain HTTP, which there is on this machine alone, where we are a development or a test on this machine ourselves. */
function mayBeAsked(issuer: string): boolean {
	return issuer.startsWith("https:") || isThisMachine(new URL(environment().APP_URL).hostname);
}

type TypedRoles = Pick<z.output<typeof newProviderSchema>, "rolesClaim" | "adminValues" | "supportValues">;

/** The roles that claims give, or null if they give none. Throws a Refusal "invalid" for half of that. */
export function rolesOf({ rolesClaim, adminValues, supportValues }: TypedRoles): ProviderSettings["roles"] | null {
	const given = adminValues.length + supportValues.length > 0;
	if (!rolesClaim && !given) return null;
	const message = rolesClaim ? "Say which value of the claim gives a role." : "Say which claim has these values.";
	if (!rolesClaim || !given) {
		throw new Refusal("invalid", message, { [rolesClaim ? "adminValues" : "rolesClaim"]: [message] });
	}
	return { claim: rolesClaim, admin: adminValues, support: supportValues };
}
