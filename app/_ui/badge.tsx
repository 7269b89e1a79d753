/** Small words with a colour. The colour never says more than the word. */
import type { ReactNode } from "react";
import { cx } from "@/app/_ui/cx";

const tones = {
	neutral: "bg-sunken text-muted",
	green: "bg-green-soft text-green",
	amber: "bg-amber-soft text-amber",
	red: "bg-red-soft text-red",
	blue: "bg-blue-soft text-blue",
	violet: "bg-violet-soft text-violet",
};

export type Tone = keyof typeof tones;

type Props = { tone?: Tone; children: ReactNode; className?: string; title?: string };

export function Badge({ tone = "neutral", children, className, title }: Props) {
	return (
		<span
			title={title}
			className={cx(
				"inline-flex h-5 max-w-full items-center gap-1 whitespace-nowrap align-middle rounded-full px-2 font-medium text-xs",
				"[&_svg]:size-3 [&_svg]:shrink-0",
				tones[tone],
				className,
			)}
		>
			{children}
		</span>
	);
}

const roleTones: Record<string, Tone> = { owner: "violet", admin: "blue", support: "amber" };

/** `user`, `support`, `admin` or `owner`; ordinary people stay quiet. */
export function RoleBadge({ role }: { role: string }) {
	return <Badge tone={roleTones[role]}>{capitalized(role)}</Badge>;
}

const statusTones: Record<string, Tone> = { active: "green", suspended: "red", invited: "amber", ended: "neutral" };

export function StatusBadge({ status }: { status: string }) {
	return (
		<Badge tone={statusTones[status]}>
			<span className="size-1.5 rounded-full bg-current" aria-hidden />
			{capitalized(status)}
		</Badge>
	);
}

const capitalized = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
