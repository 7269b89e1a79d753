/** Everything that the audit log can say, with the words in which the console says it. */
export const auditActions = {
	"account.created": "created an account",
	"session.started": "signed in",
	"sign_in.failed": "failed to sign in",
	"session.ended": "signed out",
	"session.forced_out": "forced a logout",
	"session.forced_out_everywhere": "forced a logout everywhere",
	"session.forced_out_all": "signed everyone out",
	"user.role_changed": "changed a role",
	"user.suspended": "suspended an account",
	"user.reactivated": "reactivated an account",
	"user.offboarded": "off-boarded a person",
	"impersonation.started": "started impersonating",
	"impersonation.stopped": "stopped impersonating",
	"profile.changed": "changed a profile",
	"password.changed": "changed a password",
	"audit.exported": "exported the audit log",
} as const;

export type AuditAction = keyof typeof auditActions;
