import { VenetianMask } from "lucide-react";
import { Badge } from "@/app/_ui/badge";
import { DeviceIcon } from "@/app/_ui/device-icon";
import type { EndedSessionRow } from "@/lib/admin/ended-sessions";
import { deviceName } from "./words";

type Props = {
	session: Pick<EndedSessionRow, "browser" | "operatingSystem" | "appDevice" | "ip" | "impersonation">;
	/** Whether it is the session that looks at the page. */
	current?: boolean;
};

/** The browser and the system, or the app's device, and the address; and whether somebody else sits before it. */
export function DeviceCell({ session, current = false }: Props) {
	const { browser, operatingSystem, appDevice, ip, impersonation } = session;
	return (
		<div className="flex min-w-0 items-center gap-3 max-sm:text-start">
			<DeviceIcon browser={browser} system={operatingSystem} app={appDevice !== null} />
			<div className="min-w-0">
				<p className="flex min-w-0 items-center gap-2">
					<span className="truncate" title={deviceName(session)}>
						{deviceName(session)}
					</span>
					{appDevice && <Badge>App</Badge>}
					{current && <Badge tone="green">This session</Badge>}
				</p>
				<p className="break-all text-muted text-xs">{ip ?? "Unknown address"}</p>
				{impersonation && (
					<p
						className="mt-0.5 flex min-w-0 items-center gap-1 text-violet text-xs"
						title={impersonation.reason ?? undefined}
					>
						<VenetianMask className="size-3.5 shrink-0" aria-hidden />
						<span className="truncate">
							Impersonated by {impersonation.by?.name ?? "someone whose account is gone"}
							{impersonation.reason && `: ${impersonation.reason}`}
						</span>
					</p>
				)}
			</div>
		</div>
	);
}
