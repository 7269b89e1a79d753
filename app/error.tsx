"use client";

/** The last net under every page. The log has the error; the person gets its id. */
import { ErrorMessage } from "@/app/_ui/error-message";

export default function ErrorPage(props: { error: unknown; retry: () => void }) {
	return (
		<main>
			<ErrorMessage {...props} />
		</main>
	);
}
