"use client";

/** The net under the root layout itself, so it brings its own document. */
import { ErrorMessage } from "@/app/_ui/error-message";
import "./globals.css";

export default function GlobalErrorPage(props: { error: unknown; retry: () => void }) {
	return (
		<html lang="en">
			<body>
				<title>Something went wrong · Kickoff</title>
				<main>
					<ErrorMessage {...props} />
				</main>
			</body>
		</html>
	);
}
