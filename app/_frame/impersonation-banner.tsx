import { VenetianMask } from "lucide-react";
import { Banner } from "@/app/_ui/banner";
import { Button } from "@/app/_ui/button";
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
			<span className="sm:inline block truncate">
				<span className="font-medium">{impersonator.name}</span> acting as{" "}
				<span className="font-medium">{target.name}</span>
			</span>
			<span className="sm:inline block truncate">
				<span className="max-sm:hidden"> · </span>
				<TimeLeft until={expiresAt} />
			</span>
		</Banner>
	);
}

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
