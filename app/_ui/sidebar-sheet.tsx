"use client";

/** The navigation on narrow screens: a button in the bar, and a sheet that slides in. */
import { Dialog } from "@base-ui/react/dialog";
import { Menu, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "@/app/_ui/button";
import { backdrop } from "@/app/_ui/dialog";
import { type NavSection, SidebarNav } from "@/app/_ui/sidebar-nav";

export function SidebarSheet({ brand, sections }: { brand: ReactNode; sections: NavSection[] }) {
	const [open, setOpen] = useState(false);
	return (
		<Dialog.Root open={open} onOpenChange={setOpen}>
			<Dialog.Trigger render={<Button variant="ghost" size="icon" aria-label="Menu" />}>
				<Menu aria-hidden />
			</Dialog.Trigger>
			<Dialog.Portal>
				<Dialog.Backdrop className={backdrop} />
				<Dialog.Popup className={sheet}>
					<Dialog.Title className="sr-only">Menu</Dialog.Title>
					<div className="mb-2 flex items-center justify-between ps-2">
						{brand}
						<Dialog.Close render={<Button variant="ghost" size="icon" aria-label="Close" />}>
							<X aria-hidden />
						</Dialog.Close>
					</div>
					<SidebarNav sections={sections} onNavigate={() => setOpen(false)} />
				</Dialog.Popup>
			</Dialog.Portal>
		</Dialog.Root>
	);
}

const sheet =
	"fixed inset-y-0 start-0 w-72 max-w-[85vw] overflow-y-auto bg-raised p-3 shadow-popup outline-none transition-transform duration-200 ease-out data-ending-style:-translate-x-full data-starting-style:-translate-x-full";
