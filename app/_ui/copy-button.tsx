"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "@/app/_ui/button";
import { cx } from "@/app/_ui/cx";

const CONFIRMED_MILLISECONDS = 2000;

/** Puts `text` on the clipboard and says that it did. `label` is what a screen reader hears: "Copy the commands". */
export function CopyButton({ text, label = "Copy", className }: { text: string; label?: string; className?: string }) {
	const [copied, setCopied] = useState(false);
	useEffect(() => {
		if (!copied) return;
		const timer = setTimeout(() => setCopied(false), CONFIRMED_MILLISECONDS);
		return () => clearTimeout(timer);
	}, [copied]);
	const copy = () => navigator.clipboard.writeText(text).then(() => setCopied(true));
	return (
		<>
			<Button variant="ghost" size="icon" aria-label={label} title={label} onClick={copy} className={cx(className)}>
				{copied ? <Check className="text-green" aria-hidden /> : <Copy aria-hidden />}
			</Button>
			<span role="status" className="sr-only">
				{copied && "Copied"}
			</span>
		</>
	);
}
