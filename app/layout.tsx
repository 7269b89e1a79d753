/** The frame of every page: language, fonts, tokens, toasts. Guards live in `lib`, never in a layout. */
import { GeistMono } from "geist/font/mono";
import { GeistSans } from "geist/font/sans";
import type { Metadata, Viewport } from "next";
import { connection } from "next/server";
import type { ReactNode } from "react";
import { Toaster } from "@/app/_ui/toaster";
import "./globals.css";

export const metadata: Metadata = {
	title: { default: "Kickoff", template: "%s · Kickoff" },
	description: "The Next.js starter whose sessions can be ended now.",
};

export const viewport: Viewport = { colorScheme: "light dark" };

export default async function RootLayout({ children }: { children: ReactNode }) {
	// The content security policy allows scripts by a nonce made for each request, so no page is built ahead of time.
	await connection();
	return (
		<html lang="en" className={`${GeistSans.variable} ${GeistMono.variable}`}>
			<body>
				<div className="isolate">{children}</div>
				<Toaster />
			</body>
		</html>
	);
}
