"use client";

import { useState } from "react";
import type { SessionFilter } from "@/lib/admin/sessions";

/** All sessions of which a list shows one page. */
export interface MatchingSessions {
	filter: SessionFilter;
	count: number;
	/** There are more than were counted. */
	orMore: boolean;
}

/** Which rows are chosen. Rows that leave the page, or that may not be ended, are never among them. */
export function useSelection(rows: { id: string }[]) {
	const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
	const selectable = new Set(rows.map((row) => row.id));
	const chosen = ids.intersection(selectable);
	const all = chosen.size > 0 && chosen.size === selectable.size;
	return {
		selectable,
		chosen,
		all,
		some: chosen.size > 0 && !all,
		toggle: (id: string) => setIds(chosen.symmetricDifference(new Set([id]))),
		toggleAll: () => setIds(all ? new Set() : selectable),
		clear: () => setIds(new Set()),
	};
}

export type Selection = ReturnType<typeof useSelection>;
