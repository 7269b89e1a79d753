/** Everything that the audit log can say, with the words in which the console says it. */
export const auditActions = {
	"account.created": "created an account",
	"account.deleted": "deleted their account",
	"sign_up.refused": "signed up with a taken address",
	"session.started": "signed in",
	"sign_in.failed": "failed to sign in",
	"password.throttled": "reached the limit of wrong passwords",
	"session.proven": "confirmed their identity",
	"session.proof_failed": "failed to confirm their identity",
	"session.ended": "signed out",
	"session.forced_out": "forced a logout",
	"session.forced_out_everywhere": "forced a logout everywhere",
	"session.forced_out_all": "signed everyone out",
	"user.role_changed": "changed a role",
	"user.suspended": "suspended an account",
	"user.reactivated": "reactivated an account",
	"user.offboarded": "off-boarded a person",
	"user.deleted": "deleted an account",
	"impersonation.started": "started impersonating",
	"impersonation.stopped": "stopped impersonating",
	"profile.changed": "changed a profile",
	"password.changed": "changed a password",
	"password.reset_requested": "asked for a password reset",
	"password.reset_sent": "sent a password reset",
	"password.reset": "reset a password",
	"email.verified": "verified an address",
	"email.change_requested": "asked for a change of address",
	"email.changed": "changed an address",
	"email.change_undone": "undid a change of address",
	"session.disowned": "disowned a session",
	"session.token_reused": "used the refresh token of an app again",
	"session.refresh_refused": "was refused a new access token",
	"identity.linked": "linked an identity",
	"identity.unlinked": "unlinked an identity",
	"identity.refused": "was refused with an identity",
	"session.ended_by_provider": "signed a person out for their identity provider",
	"logout_token.refused": "was refused with a logout token",
	"provider.added": "added an identity provider",
	"provider.changed": "changed an identity provider",
	"provider.turned_off": "turned an identity provider off",
	"provider.turned_on": "turned an identity provider on",
	"provider.deleted": "deleted an identity provider",
	"audit.exported": "exported the audit log",
	"service.created": "created a service client",
	"service.secret_rotated": "gave a service client a new secret",
	"service.disabled": "disabled a service client",
	"service.enabled": "enabled a service client",
	"service.refused": "was refused as a service client",
	"keys.rotated": "let a new signing key follow",
	"keys.replaced": "replaced compromised signing keys",
} as const;

export type AuditAction = keyof typeof auditActions;

/** Actions that people look for together. */
export const auditActionGroups = {
	"forced-logouts": {
		label: "All forced logouts",
		actions: ["session.forced_out", "session.forced_out_everywhere", "session.forced_out_all"],
	},
	impersonations: { label: "All impersonations", actions: ["impersonation.started", "impersonation.stopped"] },
	access: {
		label: "All changes of access",
		actions: [
			"user.role_changed",
			"user.suspended",
			"user.reactivated",
			"user.offboarded",
			"user.deleted",
			"account.deleted",
		],
	},
} as const satisfies Record<string, { label: string; actions: AuditAction[] }>;

/** What a list of events can be narrowed down to: a group of actions, or one. */
export type AuditChoice = keyof typeof auditActionGroups | AuditAction;

export const auditChoices = [...Object.keys(auditActionGroups), ...Object.keys(auditActions)] as AuditChoice[];

/** The actions that a choice stands for. */
export function actionsOf(choice: AuditChoice): readonly AuditAction[] {
	const group = choice as keyof typeof auditActionGroups;
	return choice in auditActionGroups ? auditActionGroups[group].actions : [choice as AuditAction];
}
