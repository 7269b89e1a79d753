"use client";

/** How an act that the server refuses for want of a fresh proof gets one; the dialog for it is in `step-up.tsx`. */
import { createContext, use, useCallback } from "react";
import type { FormAction } from "@/lib/action";

/** Asks for the password; false when the person would rather not. */
export type AskForProof = () => Promise<boolean>;

export const AskForProofContext = createContext<AskForProof>(async () => false);

/** The action, sent again after a proof if that is what the server asks for. */
export function useStepUp(action: FormAction): FormAction {
	const ask = use(AskForProofContext);
	return useCallback(
		async (previous, form) => {
			const result = await action(previous, form);
			if (result?.ok !== false || result.code !== "proof-required") return result;
			return (await ask()) ? action(previous, form) : result;
		},
		[action, ask],
	);
}
