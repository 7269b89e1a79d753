/** Every way to take a session, or a role, away: who does it, what is sent, and what is over once that has been answered. */
import type { Random } from "@/db/seed/random";
import type { Ask } from "./ask";
import type { Cast, Kind } from "./cast";
import type { Revokes } from "./history";
import type { Means } from "./operations";
import { type Client, NEW_PASSWORD, PASSWORD } from "./people";

export interface Way {
	name: string;
	/** Against whom it is used. */
	on: Kind[];
	plan(cast: Cast, random: Random, means: Pick<Means, "action">): Plan;
}

export interface Plan {
	by: Client;
	ask: Ask;
	revokes: Revokes;
	/** How a success is recognised, if it is neither empty nor JSON. */
	proof?: string;
	/** Everyone is answered alike, whether their session lives or not. */
	public?: boolean;
}

const everyone: Kind[] = ["user", "support", "exporter"];
const done = '"ok":true';
const ending = (clients: Client[], demoted: Client[] = [], rotated: Client[] = []): Revokes => ({
	sessions: clients.map(({ session }) => session),
	demoted: demoted.map(({ session }) => session),
	rotated: rotated.map(({ session }) => session),
});
const user = ({ clients }: Cast) => clients[0]?.person.id;
const forceLogouts = (body: object): Ask => ({ method: "POST", path: "/api/admin/force-logouts", body });
const change = (id: string | undefined, body: object): Ask => ({
	method: "PATCH",
	path: `/api/admin/users/${id}`,
	body,
});
const signOut: Ask = { method: "POST", path: "/sign-out" };
/** Where whoever has signed out is sent. */
const SIGNED_OUT = "/sign-in";
const suspended = { status: "suspended", reason: "The checker" };

export const ways: Way[] = [
	{
		name: "force logout",
		on: everyone,
		plan: ({ clients, boss }, random) => {
			const one = random.pick(clients);
			const ask = { method: "DELETE", path: `/api/admin/sessions/${one.session}` };
			return { by: boss, ask, revokes: ending([one]) };
		},
	},
	{
		name: "force logout everywhere",
		on: [...everyone, "impersonation"],
		plan: (cast) => {
			const ask = { method: "DELETE", path: `/api/admin/users/${user(cast)}/sessions` };
			return { by: cast.boss, ask, revokes: ending(cast.clients) };
		},
	},
	{
		name: "force logout selected",
		on: everyone,
		plan: ({ clients, boss }, random) => {
			const some = clients.slice(0, random.whole(1, clients.length));
			const ask = forceLogouts({ sessions: some.map(({ session }) => session) });
			return { by: boss, ask, revokes: ending(some) };
		},
	},
	{
		name: "force logout matching",
		on: [...everyone, "impersonation"],
		plan: (cast) => {
			const ask = forceLogouts({ matching: { userId: user(cast) } });
			return { by: cast.boss, ask, revokes: ending(cast.clients) };
		},
	},
	{
		name: "suspend",
		on: [...everyone, "impersonation"],
		plan: (cast) => ({ by: cast.boss, ask: change(user(cast), suspended), revokes: ending(cast.clients) }),
	},
	{
		name: "off-board",
		on: [...everyone, "impersonation"],
		plan: (cast) => {
			const path = `/api/admin/users/${user(cast)}/offboarding`;
			const ask = { method: "POST", path, body: { reason: "The checker" } };
			return { by: cast.boss, ask, revokes: ending(cast.clients) };
		},
	},
	{
		name: "demote",
		on: ["support", "exporter"],
		plan: (cast) => ({ by: cast.boss, ask: change(user(cast), { role: "user" }), revokes: ending([], cast.clients) }),
	},
	{
		name: "delete the account",
		on: [...everyone, "impersonation"],
		plan: (cast) => {
			const ask = { method: "POST", path: `/api/admin/users/${user(cast)}/deletion`, body: { reason: "The checker" } };
			return { by: cast.owner, ask, revokes: ending(cast.clients) };
		},
	},
	{
		name: "delete one's own account",
		on: everyone,
		plan: ({ clients }) => {
			const [by] = clients as [Client];
			const ask = { method: "POST", path: "/api/account/deletion", body: { email: `${by.person.mark}@example.com` } };
			return { by, ask, revokes: ending(clients) };
		},
	},
	{
		name: "change password",
		on: ["user"],
		plan: ({ clients }) => {
			const [by, ...others] = clients as [Client, ...Client[]];
			const body = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
			const ask = { method: "POST", path: "/api/session/password", body };
			return { by, ask, revokes: ending(others, [], [by]) };
		},
	},
	{
		name: "prove one's identity",
		on: ["user"],
		plan: ({ clients }) => {
			const [by] = clients as [Client];
			const ask = { method: "POST", path: "/api/session/proof", body: { password: PASSWORD } };
			return { by, ask, revokes: ending([], [], [by]) };
		},
	},
	{
		name: "sign out one device",
		on: everyone,
		plan: ({ clients: [by, ...others] }, random, { action }) => {
			const one = random.pick(others);
			const ask = action("signOutDeviceAction", "/settings/security", { sessionId: one.session });
			return { by: by as Client, ask, revokes: ending([one]), proof: done };
		},
	},
	{
		name: "sign out other devices",
		on: everyone,
		plan: ({ clients: [by, ...others] }, _random, { action }) => {
			const ask = action("signOutOtherDevicesAction", "/settings/security", {});
			return { by: by as Client, ask, revokes: ending(others), proof: done };
		},
	},
	{
		name: "sign out",
		on: everyone,
		plan: ({ clients }, random) => {
			const by = random.pick(clients.filter(({ cookie, refreshToken }) => cookie || refreshToken));
			const shared = { by, revokes: ending([by]), public: true };
			if (!by.refreshToken) return { ...shared, ask: signOut, proof: SIGNED_OUT };
			const body = new URLSearchParams({ token: by.refreshToken });
			return { ...shared, ask: { method: "POST", path: "/api/oauth/revoke", body } };
		},
	},
	{
		name: "stop impersonating",
		on: ["impersonation"],
		plan: ({ clients: [by] }) => {
			const ask = { method: "DELETE", path: "/api/session/impersonation" };
			return { by: by as Client, ask, revokes: ending([by as Client]), public: true };
		},
	},
	{
		name: "admin signs out",
		on: ["impersonation"],
		plan: ({ clients: [impersonation], admin }) => {
			const by = admin as Client;
			return { by, ask: signOut, revokes: ending([impersonation as Client, by]), proof: SIGNED_OUT, public: true };
		},
	},
	{
		name: "force the admin out",
		on: ["impersonation"],
		plan: ({ clients: [impersonation], admin, owner }) => {
			const ask = { method: "DELETE", path: `/api/admin/users/${admin?.person.id}/sessions` };
			return { by: owner, ask, revokes: ending([impersonation as Client, admin as Client]) };
		},
	},
	{
		name: "suspend the admin",
		on: ["impersonation"],
		plan: ({ clients: [impersonation], admin, owner }) => {
			const ask = change(admin?.person.id, suspended);
			return { by: owner, ask, revokes: ending([impersonation as Client, admin as Client]) };
		},
	},
	{
		name: "demote the admin",
		on: ["impersonation"],
		plan: ({ clients: [impersonation], admin, owner }) => {
			const ask = change(admin?.person.id, { role: "user" });
			return { by: owner, ask, revokes: ending([impersonation as Client], [admin as Client]) };
		},
	},
];
