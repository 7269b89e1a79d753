/** What is in the box, in the words of the landing page. */
import {
	Fingerprint,
	History,
	type LucideIcon,
	MonitorSmartphone,
	ScrollText,
	TestTubes,
	VenetianMask,
} from "lucide-react";

export const contents: { icon: LucideIcon; title: string; text: string }[] = [
	{
		icon: MonitorSmartphone,
		title: "A console for daily work",
		text: "Everyone who is signed in, from where and on what. End one session, a selection, or all that match a filter.",
	},
	{
		icon: History,
		title: "Receipts",
		text: "A forced logout shows its proof: when the session ended, and when its cookie was first refused afterwards.",
	},
	{
		icon: VenetianMask,
		title: "Impersonation with a leash",
		text: "It needs a reason, lasts an hour at most, says so on every page, and ends together with the admin’s own session.",
	},
	{
		icon: Fingerprint,
		title: "Four roles, one matrix",
		text: "Owner, admin, support and user. A new role counts from the person’s next request, without signing them out.",
	},
	{
		icon: ScrollText,
		title: "An audit log that cannot drift",
		text: "Every act is written down in the same transaction that performs it: who, on whom, from where, and why.",
	},
	{
		icon: TestTubes,
		title: "Tests that are promises",
		text: "Real browsers against the production build, on a real PostgreSQL. Every ability has its “cannot” twin.",
	},
];
