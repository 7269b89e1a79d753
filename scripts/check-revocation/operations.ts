/**
 * What clients do with their sessions. One entry is one operation: who may, what is sent, and how an answer shows that it
 * was served to that very session. The judge needs nothing else, so a new surface is a new entry.
 */
import { type Role, roles } from "@/lib/permissions/matrix";
import type { Actions } from "./actions";
import type { Ask } from "./ask";
import type { Client } from "./people";

export interface ClientOperation {
	name: string;
	/** How often it is chosen, as a multiple of the others. */
	weight: number;
	/** The lowest role that may. From "support" on it is privileged: a demotion takes it away. */
	from: Role;
	ask(client: Client, means: Means): Ask | Promise<Ask>;
	/** What nobody is answered but this session; of a response that stays open, its media type. */
	proof(client: Client): string | RegExp;
	/** The response stays open, and must close with the session. */
	streams?: boolean;
	/** Impersonators may not. */
	onlyInPerson?: boolean;
	/** What it takes, if not the cookie. */
	by?: "access token" | "refresh token";
	/** Keeps something of an answer that was served. */
	keep?(client: Client, text: string): void;
	/** Forgets what may be used up, after a failure of which nobody knows whether it came before or after the commit. */
	lose?(client: Client): void;
	/** Of a write, a row that it changes: while somebody holds that row, the write waits inside of its transaction. */
	changes?(client: Client, what: Ask): { table: "users" | "sessions"; id: string };
}

/** What it takes to make up a request. */
export interface Means {
	action: Actions;
	/** A number that nobody else got. */
	number: number;
	/** A session of nobody in particular, for staff to end. */
	decoy(): Promise<Client>;
}

const rsc = { RSC: "1" };
const byName = ({ person }: Client) => person.mark;
const done = '"ok":true';

export const clientOperations: ClientOperation[] = [
	{
		name: "json",
		weight: 20,
		from: "user",
		ask: () => ({ path: "/api/session" }),
		proof: ({ session }) => session,
	},
	{ name: "page", weight: 2, from: "user", ask: () => ({ path: "/dashboard" }), proof: byName },
	{ name: "navigate", weight: 2, from: "user", ask: () => ({ path: "/dashboard?_rsc", headers: rsc }), proof: byName },
	{
		name: "write",
		weight: 4,
		from: "user",
		changes: ({ person }) => ({ table: "users", id: person.id }),
		ask: ({ person }, { action, number }) =>
			action("changeProfileAction", "/settings/profile", { name: `${person.mark} ${number}` }),
		proof: () => done,
	},
	{
		name: "token",
		weight: 2,
		from: "user",
		onlyInPerson: true,
		ask: () => ({ method: "POST", path: "/api/token" }),
		proof: () => '"access_token"',
		keep: (client, text) => {
			client.token = JSON.parse(text).access_token;
		},
	},
	{
		name: "write by token",
		weight: 2,
		from: "user",
		onlyInPerson: true,
		by: "access token",
		ask: ({ person, token }, { number }) => ({
			method: "PATCH",
			path: "/api/v1/me",
			headers: { Authorization: `Bearer ${token}`, Cookie: "" },
			body: { name: `${person.mark} ${number}` },
		}),
		proof: () => /^$/,
		changes: ({ person }) => ({ table: "users", id: person.id }),
	},
	{
		name: "refresh",
		weight: 4,
		from: "user",
		by: "refresh token",
		ask: ({ refreshToken = "" }) => ({
			method: "POST",
			path: "/api/oauth/token",
			body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: refreshToken }),
		}),
		proof: () => '"refresh_token":',
		keep: (client, text) => {
			const { access_token, refresh_token } = JSON.parse(text);
			Object.assign(client, { token: access_token, refreshToken: refresh_token });
		},
		// Used a second time, it would end the session.
		lose: (client) => {
			client.refreshToken = undefined;
		},
	},
	{
		name: "stream",
		weight: 1,
		from: "user",
		streams: true,
		ask: () => ({ path: "/api/session/feed" }),
		proof: () => "text/event-stream",
	},
	{
		name: "console json",
		weight: 8,
		from: "support",
		ask: () => ({ path: "/api/admin/users" }),
		proof: () => '"email":',
	},
	{ name: "console page", weight: 1, from: "support", ask: () => ({ path: "/admin/users" }), proof: byName },
	{
		name: "console write",
		weight: 4,
		from: "support",
		changes: (_client, { path }) => ({ table: "sessions", id: path.split("/").at(-1) as string }),
		ask: async (_client, { decoy }) => ({ method: "DELETE", path: `/api/admin/sessions/${(await decoy()).session}` }),
		proof: () => /^$/,
	},
	{
		name: "export",
		weight: 2,
		from: "admin",
		streams: true,
		ask: () => ({ path: "/admin/audit/export" }),
		proof: () => "text/csv",
	},
];

/** Whether the client may do it, and has what it takes. */
export function mayDo({ person, impersonation, ...client }: Client, operation: ClientOperation): boolean {
	const credentials = { cookie: client.cookie, "access token": client.token, "refresh token": client.refreshToken };
	if (operation.onlyInPerson && impersonation) return false;
	if (!credentials[operation.by ?? "cookie"]) return false;
	return roles.indexOf(person.role) >= roles.indexOf(operation.from);
}
