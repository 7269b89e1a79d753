"use client";

/**
 * How this person can prove who they are: with their password, or at their identity provider. The latter leaves the page;
 * whoever comes back does once more what they were about to do.
 */
import { type ReactNode, useEffect, useState } from "react";
import { Alert } from "@/app/_ui/alert";
import { Button } from "@/app/_ui/button";

interface Ways {
	password: boolean;
	providers: { id: string; name: string }[];
}

/** Until it is known which ways there are, or if nobody can say, it is the password's form. */
export function ProofWays({ passwordForm }: { passwordForm: ReactNode }) {
	const [ways, setWays] = useState<Ways>({ password: true, providers: [] });
	const [problem, setProblem] = useState<string>();

	useEffect(() => {
		fetch("/api/session/proof")
			.then(async (response) => response.ok && setWays(await response.json()))
			.catch(() => {});
	}, []);

	async function proveAt(provider: string) {
		const body = JSON.stringify({ next: location.pathname + location.search });
		const headers = { "Content-Type": "application/json" };
		const response = await fetch(`/api/session/proof/${provider}`, { method: "POST", headers, body }).catch(() => null);
		const answer = await response?.json().catch(() => null);
		if (answer?.url) return location.assign(answer.url);
		setProblem(answer?.detail ?? "The server could not be reached. Please try again.");
	}

	return (
		<div className="space-y-3">
			{problem && <Alert tone="error">{problem}</Alert>}
			{ways.password && passwordForm}
			{ways.providers.map(({ id, name }) => (
				<Button key={id} className="w-full" onClick={() => proveAt(id)}>
					Confirm with {name}
				</Button>
			))}
		</div>
	);
}
