"use client";

import type { ReactNode } from "react";
import { postJson } from "@/app/_ui/post-json";
import { StepUp } from "@/app/_ui/step-up";
import { ProofWays } from "./proof-ways";

/** Step-up for the signed-in pages. The proof changes the session's cookie. */
export function Proving({ children }: { children: ReactNode }) {
	return (
		<StepUp
			action={(_previous, form) => postJson("/api/session/proof", form)}
			around={(form) => <ProofWays passwordForm={form} />}
		>
			{children}
		</StepUp>
	);
}
