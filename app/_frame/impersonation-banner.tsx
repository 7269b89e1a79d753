import { VenetianMask } from "lucide-react";
import { Banner } from "@/app/_ui/banner";
import { Button } from "@/app/_ui/button";
import { cx } from "@/app/_ui/cx";
import { TimeLeft } from "./time-left";

type Props = {
	/** As whom. */
	target: { name: string };
	/** Who really. */
	impersonator: { name: string };
	expiresAt: Date;
};

/** Says on every page who is really there, for how long, and leads back. `SidebarShell` takes it as its banner. */
export function ImpersonationBanner({ target, impersonator, expiresAt }: Props) {
	return (
		<Banner label="Impersonation" icon={<VenetianMask className="shrink-0" aria-hidden />} actions={<Stop />}>
			<p className="truncate max-sm:text-xs" title={`${impersonator.name} acting as ${target.name}`}>
				<b className={part}>{impersonator.name}</b>{" "}
				<span className={cx(part, "font-normal")}>
					acting as <b className="font-medium">{target.name}</b>
				</span>{" "}
				<span className="max-sm:block sm:before:content-['·_']">
					<TimeLeft until={expiresAt} />
				</span>
			</p>
		</Banner>
	);
}

/** One line where there is room, three small ones on a phone. */
const part = "font-medium max-sm:block max-sm:truncate";

/** A plain form on purpose, like signing out: it works while the page's scripts are stuck, and leaves nothing behind. */
function Stop() {
	return (
		<form method="post" action="/impersonation/stop" data-ends-session className="shrink-0">
			<Button type="submit" size="sm">
				Stop impersonating
			</Button>
		</form>
	);
}
