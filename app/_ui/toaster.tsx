"use client";

/** The corner in which toasts appear. Call `toast.success(…)` from "sonner" in any client component. */
import { CircleAlert, CircleCheck } from "lucide-react";
import { Toaster as Sonner } from "sonner";

export function Toaster() {
	return (
		<Sonner
			position="bottom-right"
			icons={{
				success: <CircleCheck className="size-4 text-green" aria-hidden />,
				error: <CircleAlert className="size-4 text-red" aria-hidden />,
			}}
			toastOptions={{
				unstyled: true,
				classNames: {
					toast:
						"flex w-(--width) items-start gap-2.5 rounded-lg bg-raised px-3.5 py-3 font-sans text-sm text-ink shadow-popup",
					icon: "mt-0.5 shrink-0",
					content: "min-w-0 flex-1",
					title: "font-medium break-words",
					description: "mt-0.5 text-muted",
					actionButton:
						"ms-auto shrink-0 rounded-sm px-1.5 font-medium text-link hover:underline focus-visible:outline-offset-0",
				},
			}}
		/>
	);
}
