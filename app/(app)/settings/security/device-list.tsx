import { Badge } from "@/app/_ui/badge";
import { DeviceIcon } from "@/app/_ui/device-icon";
import { ActionForm } from "@/app/_ui/form";
import { LiveDot } from "@/app/_ui/live-dot";
import { SubmitButton } from "@/app/_ui/submit-button";
import { Time } from "@/app/_ui/time";
import type { OwnSession } from "@/lib/session/own";
import { signOutDeviceAction } from "./actions";

/** The person's live sessions, each with its way out; an impersonation shows itself for what it is. */
export function DeviceList({ devices, mayAct }: { devices: OwnSession[]; mayAct: boolean }) {
	return (
		<ul aria-label="Your devices" className="divide-y border-t">
			{devices.map((device) => (
				<li key={device.id} className="flex flex-wrap items-center gap-x-4 gap-y-3 px-5 py-3.5 max-sm:px-4">
					<DeviceIcon
						browser={device.browser}
						system={device.operatingSystem}
						app={device.appDevice !== null}
						className="size-5"
					/>
					<div className="min-w-0 flex-1 basis-48">
						<p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
							<span className="min-w-0 break-words">{deviceName(device)}</span>
							{device.appDevice && <Badge>App</Badge>}
							{device.current && <Badge tone="green">This device</Badge>}
							{device.impersonation && <Badge tone="amber">Impersonated by {device.impersonation.by}</Badge>}
						</p>
						<p className="mt-0.5 text-muted text-sm">
							<LiveDot at={device.lastSeenAt} className="me-1.5" />
							Seen <Time at={device.lastSeenAt} /> · signed in <Time at={device.createdAt} format="date" />
							{device.ip && <span className="break-all"> · {device.ip}</span>}
						</p>
						{device.impersonation?.reason && (
							<p className="mt-0.5 break-words text-muted text-sm">Reason: {device.impersonation.reason}</p>
						)}
					</div>
					{mayAct && !device.current && (
						<ActionForm action={signOutDeviceAction}>
							<input type="hidden" name="sessionId" value={device.id} />
							<SubmitButton variant="secondary" size="sm" aria-label={`Sign out ${deviceName(device)}`}>
								Sign out
							</SubmitButton>
						</ActionForm>
					)}
				</li>
			))}
		</ul>
	);
}

function deviceName({ browser, operatingSystem, appDevice }: OwnSession): string {
	if (appDevice) return appDevice;
	if (!browser && !operatingSystem) return "Unknown device";
	return [browser ?? "Unknown browser", operatingSystem].filter(Boolean).join(" on ");
}
