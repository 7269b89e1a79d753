/**
 * Where a request comes from: the client's address and browser, for the session row and the audit log.
 *
 * Next gives pages no socket, and `X-Forwarded-For` can be written by anyone. So `instrumentation.ts` computes the
 * address from the socket and the trusted hops before Next sees the request, and puts it in a header of our own,
 * overwriting whatever the client sent under that name.
 */
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";

export const CLIENT_ADDRESS_HEADER = "x-client-address";
const USER_AGENT_LIMIT_CHARACTERS = 512;

export interface RequestOrigin {
	/** An IPv4 or IPv6 address, or null when the platform gives no socket. */
	ip: string | null;
	userAgent: string | null;
}

/** Stamps the client's address on a request that just arrived. */
export function stampClientAddress(request: IncomingMessage, trustedProxyHops: number): void {
	const address = clientAddress(
		request.socket.remoteAddress,
		request.headers["x-forwarded-for"]?.toString(),
		trustedProxyHops,
	);
	if (address) request.headers[CLIENT_ADDRESS_HEADER] = address;
	else delete request.headers[CLIENT_ADDRESS_HEADER];
}

/**
 * The address of the client behind `hops` proxies of ours. Each proxy appends the address it saw, so the n-th entry
 * from the right was written by a machine we trust, and everything left of it by anyone (OWASP ASVS 5.0, V4.1.3).
 * Some proxies append the port too, as in `203.0.113.7:1234` and `[2001:db8::7]:1234`.
 */
export function clientAddress(
	socketAddress: string | undefined,
	forwardedFor: string | undefined,
	hops: number,
): string | null {
	const forwarded = hops > 0 ? (forwardedFor ?? "").split(",").at(-hops)?.trim() : undefined;
	const address = withoutPort(forwarded || socketAddress || "")
		// The interface of a link-local address: it is ours, not the client's, and PostgreSQL knows no such thing.
		.replace(/%.*$/, "")
		.replace(/^::ffff:(?=\d+\.)/i, "");
	return isIP(address) ? address : null;
}

const withoutPort = (address: string) => address.replace(/^\[(.*)\](:\d+)?$/, "$1").replace(/^([\d.]+):\d+$/, "$1");

/** Reads the origin from the headers of a request, in a page, an action or a handler. */
export function requestOrigin(headers: Headers): RequestOrigin {
	return {
		ip: headers.get(CLIENT_ADDRESS_HEADER),
		userAgent: headers.get("user-agent")?.slice(0, USER_AGENT_LIMIT_CHARACTERS) ?? null,
	};
}
