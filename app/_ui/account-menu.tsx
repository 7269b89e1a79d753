"use client";

/** Who is signed in, and the way out. Signing out leaves by a hard navigation, so that nothing of the page survives. */
import { Popover } from "@base-ui/react/popover";
import { ChevronsUpDown, LogOut, Settings, ShieldCheck } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Avatar } from "@/app/_ui/avatar";
import { RoleBadge } from "@/app/_ui/badge";
import Link from "@/app/_ui/link";

type Props = {
	name: string;
	email: string;
	role: string;
	canSeeConsole?: boolean;
};

export function AccountMenu({ name, email, role, canSeeConsole }: Props) {
	const [open, setOpen] = useState(false);
	const close = () => setOpen(false);
	return (
		<Popover.Root open={open} onOpenChange={setOpen}>
			{/* The button lies over the words instead of holding them: its name is "Account menu", the words are read beside. */}
			<div className={frame}>
				<Popover.Trigger aria-label="Account menu" className={trigger} />
				<Avatar name={name} className="pointer-events-none" />
				<div className="pointer-events-none min-w-0 flex-1 max-lg:hidden">
					<p className="truncate font-medium text-sm">{name}</p>
					<p className="truncate text-faint text-xs">{email}</p>
				</div>
				<ChevronsUpDown className="pointer-events-none size-3.5 shrink-0 text-faint max-lg:hidden" aria-hidden />
			</div>
			<Popover.Portal>
				<Popover.Positioner side="top" align="end" sideOffset={8} collisionPadding={8} className="z-30">
					<Popover.Popup aria-label="Account" className={popup}>
						<div className="px-2 pt-1.5 pb-2.5">
							<p className="truncate font-medium text-sm" title={name}>
								{name}
							</p>
							<p className="mb-1.5 truncate text-muted text-xs" title={email}>
								{email}
							</p>
							<RoleBadge role={role} />
						</div>
						<div className="border-t pt-1">
							<MenuLink href="/settings/profile" icon={<Settings aria-hidden />} label="Settings" onClick={close} />
							{canSeeConsole && (
								<MenuLink href="/admin" icon={<ShieldCheck aria-hidden />} label="Console" onClick={close} />
							)}
							<SignOut />
						</div>
					</Popover.Popup>
				</Popover.Positioner>
			</Popover.Portal>
		</Popover.Root>
	);
}

function MenuLink(props: { href: string; icon: ReactNode; label: string; onClick: () => void }) {
	return (
		<Link href={props.href} onClick={props.onClick} className={item}>
			{props.icon}
			{props.label}
		</Link>
	);
}

/** A plain form on purpose: it works while the page's scripts are stuck, and the browser forgets the page. */
function SignOut() {
	return (
		<form method="post" action="/sign-out" data-ends-session>
			<button type="submit" className={item}>
				<LogOut aria-hidden />
				Sign out
			</button>
		</form>
	);
}

const frame =
	"relative isolate flex min-w-0 items-center gap-2.5 rounded-md p-1.5 transition-colors hover:bg-wash has-data-popup-open:bg-wash";

const trigger = "absolute inset-0 -z-10 rounded-md focus-visible:-outline-offset-2";

const popup =
	"w-60 origin-(--transform-origin) rounded-lg bg-raised p-1 shadow-popup outline-none transition-[scale,opacity] duration-100 data-ending-style:scale-97 data-starting-style:scale-97 data-ending-style:opacity-0 data-starting-style:opacity-0";

const item =
	"flex h-8 w-full items-center gap-2.5 rounded-md px-2 text-sm transition-colors hover:bg-wash focus-visible:bg-wash focus-visible:-outline-offset-2 touch:h-11 [&_svg]:size-4 [&_svg]:text-muted";
