/** Every endpoint of the API, by route: what /api/openapi.json describes. A new route file goes into this list. */

import * as accountDeletion from "@/app/api/account/deletion/route";
import * as audit from "@/app/api/admin/audit/route";
import * as endedSessions from "@/app/api/admin/ended-sessions/route";
import * as forceLogouts from "@/app/api/admin/force-logouts/route";
import * as session from "@/app/api/admin/sessions/[id]/route";
import * as sessions from "@/app/api/admin/sessions/route";
import * as deletion from "@/app/api/admin/users/[id]/deletion/route";
import * as impersonation from "@/app/api/admin/users/[id]/impersonation/route";
import * as offboarding from "@/app/api/admin/users/[id]/offboarding/route";
import * as passwordReset from "@/app/api/admin/users/[id]/password-reset/route";
import * as user from "@/app/api/admin/users/[id]/route";
import * as sessionsOfUser from "@/app/api/admin/users/[id]/sessions/route";
import * as users from "@/app/api/admin/users/route";
import * as health from "@/app/api/health/route";
import * as revocation from "@/app/api/oauth/revoke/route";
import * as clientToken from "@/app/api/oauth/token/route";
import * as backChannelLogout from "@/app/api/oidc/[provider]/backchannel-logout/route";
import * as openapi from "@/app/api/openapi.json/route";
import * as feed from "@/app/api/session/feed/route";
import * as ownImpersonation from "@/app/api/session/impersonation/route";
import * as password from "@/app/api/session/password/route";
import * as proofAtProvider from "@/app/api/session/proof/[provider]/route";
import * as proof from "@/app/api/session/proof/route";
import * as ownSession from "@/app/api/session/route";
import * as token from "@/app/api/token/route";
import * as tokenHolder from "@/app/api/v1/me/route";
import * as appSignIn from "@/app/api/v1/sign-in/route";
import type { Endpoint } from "@/lib/api/endpoint";

/** The route as Next writes it ("/api/admin/users/[id]"), and its endpoints by method. */
export const endpoints: Record<string, Record<string, Endpoint>> = {
	"/api/session": ownSession,
	"/api/session/feed": feed,
	"/api/session/proof": proof,
	"/api/session/proof/[provider]": proofAtProvider,
	"/api/session/password": password,
	"/api/session/impersonation": ownImpersonation,
	"/api/token": token,
	"/api/oauth/token": clientToken,
	"/api/oauth/revoke": revocation,
	"/api/v1/sign-in": appSignIn,
	"/api/oidc/[provider]/backchannel-logout": backChannelLogout,
	"/api/v1/me": tokenHolder,
	"/api/account/deletion": accountDeletion,
	"/api/admin/users": users,
	"/api/admin/users/[id]": user,
	"/api/admin/users/[id]/sessions": sessionsOfUser,
	"/api/admin/users/[id]/impersonation": impersonation,
	"/api/admin/users/[id]/offboarding": offboarding,
	"/api/admin/users/[id]/deletion": deletion,
	"/api/admin/users/[id]/password-reset": passwordReset,
	"/api/admin/sessions": sessions,
	"/api/admin/sessions/[id]": session,
	"/api/admin/force-logouts": forceLogouts,
	"/api/admin/ended-sessions": endedSessions,
	"/api/admin/audit": audit,
	"/api/health": health,
	"/api/openapi.json": openapi,
};
