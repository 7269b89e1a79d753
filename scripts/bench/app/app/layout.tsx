import { connection } from "next/server";
import type { ReactNode } from "react";

export default async function Layout({ children }: { children: ReactNode }) {
	// As in the product: rendered for each request, in every variant.
	await connection();
	return (
		<html lang="en">
			<body>{children}</body>
		</html>
	);
}
