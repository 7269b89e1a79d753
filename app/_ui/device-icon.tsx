import { Bot, Globe, Laptop, type LucideIcon, Monitor, Smartphone, Tablet, Terminal } from "lucide-react";
import { cx } from "@/app/_ui/cx";

const systems: Record<string, LucideIcon> = {
	macos: Laptop,
	windows: Monitor,
	linux: Monitor,
	"chrome os": Laptop,
	ios: Smartphone,
	android: Smartphone,
	ipados: Tablet,
};

type Props = { browser?: string | null; system?: string | null; app?: boolean; className?: string };

/** What kind of machine a session runs on. Decoration: the names stand beside it. */
export function DeviceIcon({ browser, system, app = false, className }: Props) {
	const Icon = systems[system?.toLowerCase() ?? ""] ?? (app ? Smartphone : clientOf(browser ?? ""));
	return <Icon className={cx("size-4 shrink-0 text-faint", className)} aria-hidden />;
}

function clientOf(browser: string): LucideIcon {
	if (/curl|wget|http|node|python/i.test(browser)) return Terminal;
	return /bot|spider|headless/i.test(browser) ? Bot : Globe;
}
