/**
 * Every page, handler and server action of the app, and what it takes to use it. A test walks `app/` and fails for one
 * that is missing here, so nothing can be added without deciding who may reach it.
 */
import type { Permission } from "./matrix";

/** "public": anyone. "signed-out": whoever is signed in is sent to the dashboard. Otherwise a permission of the matrix. */
export type Access = "public" | "signed-out" | Permission;

/**
 * "token:" and a permission: an access token of a session that has it. "client": a service or a native app that proves who
 * it is in the request itself. In neither is there a cookie that the proxy could read.
 */
export type HandlerAccess = Access | `token:${Permission}` | "client";

/** By route. */
export const pages: Record<string, Access> = {
	"/": "public",
	"/pricing": "public",
	"/sign-in": "signed-out",
	"/sign-up": "signed-out",
	// Public: whoever is signed in here may have forgotten their password, or follow a link that is somebody else's.
	"/forgot-password": "public",
	"/reset-password": "public",
	"/verify-email": "public",
	"/check-your-mail": "public",
	"/change-email": "public",
	"/undo-email-change": "public",
	"/not-me": "public",
	"/link-used": "public",
	"/dashboard": "product.use",
	"/settings/profile": "product.use",
	"/settings/security": "own-sessions.view",
	"/admin": "console.view",
	"/admin/users": "users.view",
	"/admin/users/[id]": "users.view",
	"/admin/sessions": "sessions.view",
	"/admin/audit": "audit.view",
	"/admin/services": "services.view",
	"/admin/providers": "providers.view",
};

/** By method and route. */
export const handlers: Record<string, HandlerAccess> = {
	"POST /sign-out": "public",
	"GET /sign-out": "public",
	"POST /impersonation/stop": "public",
	// Whoever comes back from a provider may be nobody yet; the visit that began here says what they went for.
	"GET /sign-in/callback/[provider]": "public",
	"GET /sign-in/leave/[provider]": "public",
	"GET /link/[purpose]/[token]": "public",
	"GET /api/health": "public",
	"GET /api/session": "product.use",
	"GET /api/session/feed": "product.use",
	// An impersonation that is over no longer says who is asking; only its cookie leads back to the admin's own session.
	"DELETE /api/session/impersonation": "public",
	"GET /api/session/proof": "identity.prove",
	"POST /api/session/proof": "identity.prove",
	"POST /api/session/proof/[provider]": "identity.prove",
	"POST /api/session/password": "password.change",
	"POST /api/account/deletion": "account.delete",
	"GET /api/openapi.json": "public",
	"POST /api/token": "tokens.mint",
	"OPTIONS /api/token": "public",
	"GET /api/v1/me": "token:product.use",
	"PATCH /api/v1/me": "token:profile.change",
	"OPTIONS /api/v1/me": "public",
	"POST /api/oauth/token": "client",
	"POST /api/oauth/revoke": "client",
	"POST /api/v1/sign-in": "client",
	"POST /api/oidc/[provider]/backchannel-logout": "client",
	"GET /.well-known/jwks.json": "public",
	"GET /.well-known/oauth-authorization-server": "public",
	"GET /api/admin/users": "users.view",
	"GET /api/admin/users/[id]": "users.view",
	// Each change asks for its own permission under the fence: users.change-role or users.suspend.
	"PATCH /api/admin/users/[id]": "users.view",
	"DELETE /api/admin/users/[id]/sessions": "sessions.force-logout",
	"POST /api/admin/users/[id]/impersonation": "users.impersonate",
	"GET /api/admin/users/[id]/offboarding": "users.offboard",
	"POST /api/admin/users/[id]/offboarding": "users.offboard",
	"POST /api/admin/users/[id]/deletion": "users.delete",
	"POST /api/admin/users/[id]/password-reset": "users.send-password-reset",
	"GET /api/admin/sessions": "sessions.view",
	"DELETE /api/admin/sessions/[id]": "sessions.force-logout",
	"GET /api/admin/ended-sessions": "sessions.view",
	// Signing everyone out asks for sessions.end-all under the fence.
	"POST /api/admin/force-logouts": "sessions.force-logout",
	"GET /api/admin/audit": "audit.view",
	"GET /admin/audit/export": "audit.export",
};

/** By file and name of the export. */
export const actions: Record<string, Access> = {
	"app/(auth)/sign-in/actions.ts signInAction": "public",
	"app/(auth)/sign-in/actions.ts continueAsSelfAction": "public",
	"app/(auth)/sign-in/actions.ts continueAtProviderAction": "public",
	"app/(auth)/sign-up/actions.ts signUpAction": "public",
	"app/(auth)/forgot-password/actions.ts forgotPasswordAction": "public",
	"app/(auth)/reset-password/actions.ts resetPasswordAction": "public",
	"app/(auth)/verify-email/actions.ts verifyEmailAction": "public",
	"app/(auth)/change-email/actions.ts confirmEmailChangeAction": "public",
	"app/(auth)/undo-email-change/actions.ts undoEmailChangeAction": "public",
	"app/(auth)/not-me/actions.ts disownSignInAction": "public",
	"app/admin/audit/actions.ts prepareExportAction": "audit.export",
	"app/(app)/settings/profile/actions.ts changeProfileAction": "profile.change",
	"app/(app)/settings/profile/actions.ts changeEmailAction": "email.change",
	"app/(app)/settings/profile/actions.ts cancelEmailChangeAction": "email.change",
	"app/(app)/settings/security/actions.ts signOutDeviceAction": "own-sessions.end",
	"app/(app)/settings/security/actions.ts signOutOtherDevicesAction": "own-sessions.end",
	"app/(app)/settings/security/actions.ts linkAtProviderAction": "identities.manage",
	"app/(app)/settings/security/actions.ts unlinkIdentityAction": "identities.manage",
	"app/(app)/settings/security/actions.ts mailPasswordLinkAction": "password.change",
	"app/admin/_sessions/actions.ts forceLogoutAction": "sessions.force-logout",
	"app/admin/_sessions/actions.ts forceLogoutSelectedAction": "sessions.force-logout",
	"app/admin/_sessions/actions.ts forceLogoutMatchingAction": "sessions.force-logout",
	"app/admin/sessions/actions.ts signEveryoneOutAction": "sessions.end-all",
	"app/admin/services/actions.ts createServiceClientAction": "services.manage",
	"app/admin/services/actions.ts rotateSecretAction": "services.manage",
	"app/admin/services/actions.ts disableServiceClientAction": "services.manage",
	"app/admin/services/actions.ts enableServiceClientAction": "services.manage",
	"app/admin/services/actions.ts rotateKeysAction": "services.manage",
	"app/admin/services/actions.ts replaceKeysAction": "services.manage",
	"app/admin/providers/actions.ts addProviderAction": "providers.manage",
	"app/admin/providers/actions.ts changeProviderAction": "providers.manage",
	"app/admin/providers/actions.ts turnOffProviderAction": "providers.manage",
	"app/admin/providers/actions.ts turnOnProviderAction": "providers.manage",
	"app/admin/providers/actions.ts deleteProviderAction": "providers.manage",
	"app/admin/users/[id]/actions.ts changeRoleAction": "users.change-role",
	"app/admin/users/[id]/actions.ts forceLogoutEverywhereAction": "sessions.force-logout",
	"app/admin/users/[id]/actions.ts suspendAction": "users.suspend",
	"app/admin/users/[id]/actions.ts reactivateAction": "users.suspend",
	"app/admin/users/[id]/actions.ts sendPasswordResetAction": "users.send-password-reset",
	"app/admin/users/[id]/actions.ts offboardAction": "users.offboard",
	"app/admin/users/[id]/actions.ts deleteUserAction": "users.delete",
};

/** Whether the handler itself asks for a credential that no browser sends by itself. No cookie counts there. */
export function isCookieless(access: HandlerAccess): access is `token:${Permission}` | "client" {
	return access === "client" || access.startsWith("token:");
}

/** Whether pages of other origins may ask: routes for them answer the question that browsers ask first. */
export const isCrossOrigin = (pathname: string): boolean => `OPTIONS ${pathname}` in handlers;

interface Route {
	/** Undefined for a page, which takes any: its actions are posted to it. */
	method?: string;
	segments: string[];
	access: HandlerAccess;
}

const segmentsOf = (path: string) => path.split("/").filter(Boolean);
const isDynamic = (segment: string) => segment.startsWith("[");

/** Those with fewer dynamic segments come first, as Next prefers them. */
const routes: Route[] = [
	...Object.entries(pages).map(([route, access]) => ({ segments: segmentsOf(route), access })),
	...Object.entries(handlers).map(([key, access]) => {
		const [method, route = ""] = key.split(" ");
		return { method, segments: segmentsOf(route), access };
	}),
].toSorted((a, b) => a.segments.filter(isDynamic).length - b.segments.filter(isDynamic).length);

/**
 * What it takes to reach a path: the access of the longest route that the path begins with, segment by segment. So what
 * lies below a guarded route is guarded, also when it does not exist, and an unknown path elsewhere is simply not found.
 */
export function accessTo(pathname: string, method: string): HandlerAccess {
	for (let segments = segmentsOf(pathname); segments.length > 0; segments = segments.slice(0, -1)) {
		const found = routes.filter((route) => leadsTo(route, segments));
		const route = found.find((route) => !route.method || route.method === method) ?? found[0];
		if (route) return route.access;
	}
	return "public";
}

/** Whether there is a page or a handler at exactly this path, whatever its methods. */
export function isRoute(pathname: string): boolean {
	const segments = segmentsOf(pathname);
	return routes.some((route) => leadsTo(route, segments));
}

function leadsTo(route: Route, segments: string[]): boolean {
	if (route.segments.length !== segments.length) return false;
	return route.segments.every((segment, index) => isDynamic(segment) || segment === segments[index]);
}
