"use client";

/** What can be done with the chosen rows, at the lower edge of the window, where nothing moves when it appears. */
import { X } from "lucide-react";
import { Button } from "@/app/_ui/button";
import { counted } from "@/lib/audit/words";
import { ForceLogoutMatching } from "./force-logout-matching";
import type { MatchingSessions, Selection } from "./use-selection";

type Props = { selection: Selection; matching: MatchingSessions; onForceLogout: () => void };

export function SelectionBar({ selection, matching, onForceLogout }: Props) {
	const { chosen, all, clear } = selection;
	const filtered = Object.keys(matching.filter).length > 0;
	const more = matching.orMore || matching.count > chosen.size;
	return (
		<div className="pointer-events-none sticky bottom-4 z-10 flex justify-center px-3">
			<p role="status" className="sr-only">
				{chosen.size > 0 && `${counted(chosen.size, "session")} selected`}
			</p>
			{/* Hidden, and not left out: while somebody reads the question about all that match, rows come and go. */}
			<section aria-label="Selection" hidden={chosen.size === 0} className={bar}>
				<span className="px-2 font-medium tabular-nums">{chosen.size} selected</span>
				<div hidden={!(all && filtered && more)}>
					<ForceLogoutMatching matching={matching} onDone={clear} />
				</div>
				<Button
					variant="danger"
					onClick={() => {
						onForceLogout();
						clear();
					}}
				>
					Force log out selected
				</Button>
				<Button
					variant="ghost"
					size="icon"
					aria-label="Clear the selection"
					title="Clear the selection"
					onClick={clear}
				>
					<X aria-hidden />
				</Button>
			</section>
		</div>
	);
}

const bar =
	"pointer-events-auto my-3 flex max-w-full flex-wrap items-center justify-center gap-2 rounded-xl bg-raised p-2 text-sm shadow-popup";
