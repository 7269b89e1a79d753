"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { formAction } from "@/lib/action";
import {
	createServiceClient,
	rotateSecret,
	serviceClientSchema,
	setServiceClientDisabled,
} from "@/lib/services/clients";
import { replaceCompromisedKeys, rotateKeys } from "@/lib/services/keys";
import { requirePermission } from "@/lib/session/current";

const onClient = z.object({ clientId: z.uuid() });

export const createServiceClientAction = formAction(serviceClientSchema, async (input) => {
	const { id, secret } = await createServiceClient(await requirePermission("services.manage"), input);
	refresh();
	return { shownOnce: { clientId: id, ...(secret && { secret }) } };
});

export const rotateSecretAction = formAction(onClient, async ({ clientId }) => {
	const secret = await rotateSecret(await requirePermission("services.manage"), clientId);
	refresh();
	return { shownOnce: { clientId, secret } };
});

export const disableServiceClientAction = formAction(onClient, async ({ clientId }) => {
	await setServiceClientDisabled(await requirePermission("services.manage"), clientId, true);
	refresh();
	return "Disabled. It gets no more tokens; those it has expire within five minutes.";
});

export const enableServiceClientAction = formAction(onClient, async ({ clientId }) => {
	await setServiceClientDisabled(await requirePermission("services.manage"), clientId, false);
	refresh();
	return "Enabled.";
});

export const rotateKeysAction = formAction(z.object({}), async () => {
	await rotateKeys(await requirePermission("services.manage"));
	refresh();
	return "The next key is published. It signs in ten minutes.";
});

export const replaceKeysAction = formAction(z.object({}), async () => {
	await replaceCompromisedKeys(await requirePermission("services.manage"));
	refresh();
	return "All keys were replaced. Tokens that are out are no longer good.";
});
