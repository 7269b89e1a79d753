"use client";

import { Button, ButtonLink } from "@/app/_ui/button";
import { MessagePage } from "@/app/_ui/message-page";

/** What an error boundary shows: no detail of the error, only the id under which the server logged it. */
export function ErrorMessage({ error, retry }: { error: unknown; retry: () => void }) {
	return (
		<MessagePage
			eyebrow="Error"
			title="Something went wrong on our side"
			text={
				<>
					<p>This is not your fault. Try again in a moment; if it stays, tell us the reference.</p>
					{digestOf(error) && <p className="mt-3 font-mono text-faint text-sm">Reference: {digestOf(error)}</p>}
				</>
			}
			actions={
				<>
					<Button variant="primary" onClick={retry}>
						Try again
					</Button>
					<ButtonLink href="/">Go to the start page</ButtonLink>
				</>
			}
		/>
	);
}

/** The id that Next gives an error of the server; the log line carries the same. */
function digestOf(error: unknown): string | undefined {
	return error instanceof Error && "digest" in error ? String(error.digest) : undefined;
}
