/** The frame of the signed-out forms: one card in the middle, nothing to be distracted by. */
import type { ReactNode } from "react";
import { Brand } from "@/app/_ui/brand";
import { FreshDocument } from "./fresh-document";

export default function AuthLayout({ children }: { children: ReactNode }) {
	return (
		<div className="relative isolate flex min-h-dvh flex-col items-center px-4 py-8 sm:justify-center sm:py-16">
			<FreshDocument />
			<div className={dots} aria-hidden />
			<header className="mb-7">
				<Brand className="text-lg" />
			</header>
			<main className="w-full max-w-100 rounded-xl border bg-surface p-6 shadow-card sm:p-8">{children}</main>
		</div>
	);
}

/** A grid of points that fades out around the card. */
const dots =
	"absolute inset-0 -z-10 bg-[radial-gradient(var(--color-edge)_1px,transparent_1px)] bg-size-[20px_20px] mask-[radial-gradient(ellipse_60%_55%_at_50%_40%,black,transparent)]";
