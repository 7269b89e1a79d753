/**
 * Every server action that takes a permission: who it is done to, and how it is done on the page. A test fails for an
 * action that is missing here, so each gets its "cannot" twins: see abilities.spec.ts.
 */
import type { Page } from "@playwright/test";
import type { Role } from "@/lib/permissions/matrix";
import { askForNewAddress, type SignedIn, suspend } from "./people";
import { linkIdentityOf, provider } from "./provider";

export interface Ability {
	/** The role of the person it is done to; null when people do it to themselves. */
	target: Role | null;
	/** How many sessions that person has; one if left out. */
	sessions?: number;
	/** What must be so before. */
	prepare?(target: SignedIn): Promise<void>;
	/** On the page of somebody who may, all that leads to the request. */
	perform(page: Page, target: SignedIn): Promise<void>;
}

export const abilities: Record<string, Ability> = {
	"app/(app)/settings/profile/actions.ts changeProfileAction": {
		target: null,
		async perform(page) {
			await page.goto("/settings/profile");
			await page.getByLabel("Name").fill("A changed name");
			await page.getByRole("button", { name: "Save" }).click();
		},
	},
	"app/(app)/settings/profile/actions.ts changeEmailAction": {
		target: null,
		async perform(page) {
			await page.goto("/settings/profile");
			await page.getByLabel("New address").fill(`moved-${crypto.randomUUID().slice(0, 8)}@example.com`);
			await page.getByRole("button", { name: "Change address" }).click();
		},
	},
	"app/(app)/settings/profile/actions.ts cancelEmailChangeAction": {
		target: null,
		async prepare({ user, sessionId }) {
			await askForNewAddress(user, sessionId);
		},
		async perform(page) {
			await page.goto("/settings/profile");
			await page.getByRole("button", { name: "Cancel the change" }).click();
		},
	},
	"app/(app)/settings/security/actions.ts signOutDeviceAction": {
		target: null,
		sessions: 2,
		async perform(page) {
			await page.goto("/settings/security");
			await page.getByRole("button", { name: /^Sign out .* on / }).click();
		},
	},
	"app/(app)/settings/security/actions.ts signOutOtherDevicesAction": {
		target: null,
		sessions: 2,
		async perform(page) {
			await page.goto("/settings/security");
			await page.getByRole("button", { name: "Sign out all others" }).click();
		},
	},
	"app/(app)/settings/security/actions.ts linkAtProviderAction": {
		target: null,
		async perform(page) {
			await page.goto("/settings/security");
			await page.getByRole("button", { name: `Link ${provider().name}` }).click();
		},
	},
	"app/(app)/settings/security/actions.ts unlinkIdentityAction": {
		target: null,
		async prepare({ user }) {
			await linkIdentityOf(user);
		},
		async perform(page) {
			await page.goto("/settings/security");
			await page.getByRole("button", { name: `Unlink ${provider().name}` }).click();
		},
	},
	"app/admin/_sessions/actions.ts forceLogoutAction": {
		target: "user",
		async perform(page, { user }) {
			await page.goto(`/admin/sessions?q=${user.email}`);
			await page.getByRole("button", { name: "Force log out", exact: true }).click();
		},
	},
	"app/admin/_sessions/actions.ts forceLogoutSelectedAction": {
		target: "user",
		sessions: 2,
		async perform(page, { user }) {
			await page.goto(`/admin/sessions?q=${user.email}`);
			await page.getByLabel("Select all on this page").click();
			await page.getByRole("button", { name: "Force log out selected" }).click();
		},
	},
	"app/admin/_sessions/actions.ts forceLogoutMatchingAction": {
		target: "user",
		sessions: 2,
		async perform(page, { user }) {
			await page.goto(`/admin/sessions?q=${user.email}`);
			await page.getByRole("button", { name: "Force log out all 2 that match" }).click();
			await page.getByRole("alertdialog").getByRole("button", { name: "Force log out all that match" }).click();
		},
	},
	"app/admin/users/[id]/actions.ts changeRoleAction": {
		target: "user",
		async perform(page, { user }) {
			await page.goto(`/admin/users/${user.id}`);
			await page.getByLabel("Role").selectOption("support");
		},
	},
	"app/admin/users/[id]/actions.ts forceLogoutEverywhereAction": {
		target: "user",
		sessions: 2,
		async perform(page, { user }) {
			await page.goto(`/admin/users/${user.id}`);
			await page.getByRole("button", { name: "Force log out everywhere" }).click();
		},
	},
	"app/admin/users/[id]/actions.ts suspendAction": {
		target: "user",
		async perform(page, { user }) {
			await page.goto(`/admin/users/${user.id}`);
			await confirm(page, "Suspend", "Under investigation");
		},
	},
	"app/admin/users/[id]/actions.ts reactivateAction": {
		target: "user",
		async prepare({ user }) {
			await suspend(user);
		},
		async perform(page, { user }) {
			await page.goto(`/admin/users/${user.id}`);
			await page.getByRole("button", { name: "Reactivate" }).click();
		},
	},
	"app/admin/users/[id]/actions.ts sendPasswordResetAction": {
		target: "user",
		async perform(page, { user }) {
			await page.goto(`/admin/users/${user.id}`);
			await page.getByRole("button", { name: "Send password reset" }).click();
		},
	},
	"app/admin/users/[id]/actions.ts offboardAction": {
		target: "user",
		async perform(page, { user }) {
			await page.goto(`/admin/users/${user.id}`);
			await confirm(page, "Off-board", "Left the company");
		},
	},
	"app/admin/users/[id]/actions.ts deleteUserAction": {
		target: "user",
		async perform(page, { user }) {
			await page.goto(`/admin/users/${user.id}`);
			await confirmDeletion(page, user.email);
		},
	},
};

/** Those that change nothing, or that concern everyone and have a spec of their own. */
export const withoutTwin = [
	"app/(app)/settings/security/actions.ts mailPasswordLinkAction",
	"app/admin/audit/actions.ts prepareExportAction",
	"app/admin/sessions/actions.ts signEveryoneOutAction",
	"app/admin/services/actions.ts createServiceClientAction",
	"app/admin/services/actions.ts rotateSecretAction",
	"app/admin/services/actions.ts disableServiceClientAction",
	"app/admin/services/actions.ts enableServiceClientAction",
	"app/admin/services/actions.ts rotateKeysAction",
	"app/admin/services/actions.ts replaceKeysAction",
	"app/admin/providers/actions.ts addProviderAction",
	"app/admin/providers/actions.ts changeProviderAction",
	"app/admin/providers/actions.ts turnOffProviderAction",
	"app/admin/providers/actions.ts turnOnProviderAction",
	"app/admin/providers/actions.ts deleteProviderAction",
];

/** Opens the dialog behind a button, gives the reason and presses the button of the same name in it. */
export async function confirm(page: Page, name: string, reason: string): Promise<void> {
	await page.getByRole("button", { name, exact: true }).click();
	const dialog = page.getByRole("alertdialog");
	await dialog.getByLabel("Reason").fill(reason);
	await dialog.getByRole("button", { name, exact: true }).click();
}

/** Deletes the person whose page in the console is open. */
export async function confirmDeletion(page: Page, email: string): Promise<void> {
	await page.getByRole("button", { name: "Delete", exact: true }).click();
	const dialog = page.getByRole("alertdialog");
	await dialog.getByLabel("Reason").fill("Asked to be forgotten");
	await dialog.getByLabel(`Type “${email}” to confirm`).fill(email);
	await dialog.getByRole("button", { name: "Delete", exact: true }).click();
}
