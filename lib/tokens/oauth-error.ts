/** The refusals of the OAuth endpoints: a code of RFC 6749 (section 5.2), for programs, and a sentence for people. */

const statusOf = {
	invalid_request: 400,
	invalid_client: 401,
	invalid_grant: 400,
	unauthorized_client: 400,
	unsupported_grant_type: 400,
	invalid_scope: 400,
	/** RFC 8707, section 2. */
	invalid_target: 400,
	/** RFC 7009, section 2.2.1. */
	unsupported_token_type: 400,
} as const;

export type OAuthErrorCode = keyof typeof statusOf;

export class OAuthError extends Error {
	readonly code: OAuthErrorCode;
	readonly status: number;
	/** The client that was refused, as far as it said so. */
	clientId?: string;

	constructor(code: OAuthErrorCode, message: string) {
		super(message);
		this.name = "OAuthError";
		this.code = code;
		this.status = statusOf[code];
	}
}
