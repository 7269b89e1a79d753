"use client";

import { Download } from "lucide-react";
import { ActionForm } from "@/app/_ui/form";
import { SubmitButton } from "@/app/_ui/submit-button";
import { prepareExportAction } from "./actions";

/** Downloads the file at `href`, after a fresh proof if the session's last one is too old. */
export function ExportButton({ href }: { href: string }) {
	return (
		<ActionForm action={prepareExportAction} onSuccess={() => location.assign(href)}>
			<SubmitButton variant="secondary">
				<Download aria-hidden /> Export CSV
			</SubmitButton>
		</ActionForm>
	);
}
