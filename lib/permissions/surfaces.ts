/**
 * Every page, handler and server action of the app, and what it takes to use it. A test walks `app/` and fails for one
 * that is missing here, so nothing can be added without deciding who may reach it.
 */
import type { Permission } from "./matrix";

/** "public": anyone. "signed-out": whoever is signed in is sent to the dashboard. Otherwise a permission of the matrix. */
export type Access = "public" | "signed-out" | Permission;

/** By route. */
export const pages: Record<string, Access> = {
	"/": "public",
	"/pricing": "public",
	"/sign-in": "signed-out",
	"/sign-up": "signed-out",
	"/dashboard": "product.use",
	"/settings/profile": "product.use",
	"/settings/security": "own-sessions.view",
	"/admin": "console.view",
	"/admin/users": "users.view",
	"/admin/users/[id]": "users.view",
	"/admin/sessions": "sessions.view",
	"/admin/audit": "audit.view",
};

/** By method and route. */
export const handlers: Record<string, Access> = {
	"POST /sign-out": "public",
	"GET /api/health": "public",
	"GET /api/session": "product.use",
	"GET /api/session/feed": "product.use",
};

/** By file and name of the export. */
export const actions: Record<string, Access> = {
	"app/(auth)/sign-in/actions.ts signInAction": "public",
	"app/(auth)/sign-in/actions.ts continueAsSelfAction": "public",
	"app/(auth)/sign-up/actions.ts signUpAction": "public",
	"app/_proof/actions.ts proveIdentityAction": "identity.prove",
	"app/(app)/settings/profile/actions.ts changeProfileAction": "profile.change",
	"app/(app)/settings/security/actions.ts changePasswordAction": "password.change",
	"app/(app)/settings/security/actions.ts signOutDeviceAction": "own-sessions.end",
	"app/(app)/settings/security/actions.ts signOutOtherDevicesAction": "own-sessions.end",
	"app/admin/_sessions/actions.ts forceLogoutAction": "sessions.force-logout",
	"app/admin/_sessions/actions.ts forceLogoutSelectedAction": "sessions.force-logout",
	"app/admin/_sessions/actions.ts forceLogoutMatchingAction": "sessions.force-logout",
	"app/admin/sessions/actions.ts signEveryoneOutAction": "sessions.end-all",
};

const accessByRoute = new Map<string, Access>([
	...Object.entries(handlers).map(([key, access]) => [key.slice(key.indexOf(" ") + 1), access] as const),
	...Object.entries(pages),
]);

/**
 * What it takes to reach a path: the access of the longest route that the path begins with, segment by segment. So what
 * lies below a guarded route is guarded, also when it does not exist, and an unknown path elsewhere is simply not found.
 */
export function accessTo(pathname: string): Access {
	const segments = pathname.split("/").filter(Boolean);
	for (let length = segments.length; length > 0; length--) {
		const route = `/${segments.slice(0, length).join("/")}`;
		const access = accessByRoute.get(route);
		if (access) return access;
	}
	return "public";
}
