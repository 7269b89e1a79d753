"use client";

/** A dropdown of acts. Arrow keys walk it, Escape closes it. */
import { Menu as Base } from "@base-ui/react/menu";
import type { ReactElement, ReactNode } from "react";
import { cx } from "@/app/_ui/cx";
import Link from "@/app/_ui/link";

type MenuProps = { trigger: ReactElement; align?: "start" | "center" | "end"; children: ReactNode };

export function Menu({ trigger, align = "end", children }: MenuProps) {
	return (
		<Base.Root>
			<Base.Trigger render={trigger} />
			<Base.Portal>
				<Base.Positioner align={align} sideOffset={6} collisionPadding={8} className="z-30">
					<Base.Popup className={popup}>{children}</Base.Popup>
				</Base.Positioner>
			</Base.Portal>
		</Base.Root>
	);
}

type ItemProps = { icon?: ReactNode; danger?: boolean; disabled?: boolean; children: ReactNode };

export function MenuItem({ icon, danger, children, ...props }: ItemProps & { onClick: () => void }) {
	return (
		<Base.Item className={cx(item, danger && "text-red [&_svg]:text-red")} {...props}>
			{icon}
			{children}
		</Base.Item>
	);
}

export function MenuLink({ icon, children, href }: Pick<ItemProps, "icon" | "children"> & { href: string }) {
	return (
		<Base.LinkItem className={item} closeOnClick render={<Link href={href} />}>
			{icon}
			{children}
		</Base.LinkItem>
	);
}

export function MenuSeparator() {
	return <Base.Separator className="my-1 border-t" />;
}

const popup =
	"min-w-44 origin-(--transform-origin) rounded-lg bg-raised p-1 shadow-popup outline-none transition-[scale,opacity] duration-100 data-ending-style:scale-97 data-starting-style:scale-97 data-ending-style:opacity-0 data-starting-style:opacity-0";

const item =
	"flex h-8 cursor-default select-none items-center gap-2.5 rounded-md px-2 text-sm outline-none data-highlighted:bg-wash data-disabled:opacity-50 touch:h-11 [&_svg]:size-4 [&_svg]:text-muted";
