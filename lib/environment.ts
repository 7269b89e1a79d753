/**
 * The environment, parsed once by a schema. A bad value stops the start with a sentence that says what to do.
 * `npm run dev`, `npm start` and `npm test` fill in what is missing (scripts/); nothing else has defaults for secrets.
 */
import { z } from "zod";
import { providersField } from "./identities/provider-settings";

const SECONDS_PER_DAY = 86_400;

const seconds = (byDefault: number) => z.coerce.number().int().positive().default(byDefault);
const list = z
	.string()
	.default("")
	.transform((text) =>
		text
			.split(",")
			.map((item) => item.trim())
			.filter(Boolean),
	);

const schema = z.object({
	OIDC_PROVIDERS: providersField,
	DATABASE_URL: z.url({
		protocol: /^postgres(ql)?$/,
		error:
			"Set DATABASE_URL to postgres://user:password@host:port/database, or start with `npm run dev` or `npm start`.",
	}),
	APP_URL: z
		.url({ protocol: /^https?$/, error: "Set APP_URL to the address people use, such as https://app.example.com." })
		.transform((url) => new URL(url).origin),
	ALLOWED_ORIGINS: list.pipe(
		z.array(
			z
				.url({ error: "Set ALLOWED_ORIGINS to origins separated by commas, or leave it out." })
				.transform((url) => new URL(url).origin),
		),
	),
	SESSION_SECRET: list.pipe(
		z
			.array(
				z.string().min(32, { error: "Each SESSION_SECRET needs at least 32 characters: `openssl rand -base64 32`." }),
			)
			.min(1, {
				error: "Set SESSION_SECRET: `openssl rand -base64 32`. Several, newest first, are separated by commas.",
			}),
	),
	SESSION_IDLE_SECONDS: seconds(7 * SECONDS_PER_DAY),
	SESSION_ABSOLUTE_SECONDS: seconds(30 * SECONDS_PER_DAY),
	IMPERSONATION_SECONDS: seconds(3_600),
	STEP_UP_SECONDS: seconds(600),
	SESSIONS_PER_USER: z.coerce
		.number()
		.int()
		.positive({ error: "Set SESSIONS_PER_USER to how many sessions one person may have at once: 1 or more." })
		.default(100),
	SMTP_URL: z
		.url({
			protocol: /^smtps?$/,
			error: "Set SMTP_URL to smtp://user:password@host:587 or smtps://user:password@host:465, or leave it out.",
		})
		.optional(),
	MAIL_FROM: z
		.string()
		.regex(/^[^<>\r\n]*<[^<>@\s]+@[^<>@\s]+>$|^[^<>@\s]+@[^<>@\s]+$/, {
			error: "Set MAIL_FROM to a sender like: Kickoff <hello@example.com>",
		})
		.optional(),
	TRUSTED_PROXY_HOPS: z.coerce.number().int().min(0).default(0),
});

export type Environment = z.output<typeof schema>;

let parsed: Environment | undefined;

/** The parsed environment. Throws an Error whose message names each bad variable and how to mend it. */
export function environment(): Environment {
	if (!parsed) {
		const result = schema.safeParse(process.env);
		if (!result.success) {
			throw new Error(result.error.issues.map((issue) => `${issue.path[0]?.toString()}: ${issue.message}`).join("\n"));
		}
		parsed = result.data;
	}
	return parsed;
}
