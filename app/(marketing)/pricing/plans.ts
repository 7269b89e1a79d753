/** The plans of your product; change them to what you sell. Prices are in US dollars for each person and month. */
export type Plan = {
	name: string;
	pricePerMonth: number;
	summary: string;
	features: string[];
	highlighted?: boolean;
};

export const plans: Plan[] = [
	{
		name: "Starter",
		pricePerMonth: 0,
		summary: "For finding out whether it fits.",
		features: ["Up to 5 people", "See and end your own sessions", "Audit log of the last 30 days", "Help by e-mail"],
	},
	{
		name: "Team",
		pricePerMonth: 12,
		summary: "For a company that works with it every day.",
		features: [
			"As many people as you like",
			"The console, with support and admin roles",
			"Force log out, suspend and off-board",
			"Audit log of the last year, with export",
			"Help within a working day",
		],
		highlighted: true,
	},
	{
		name: "Company",
		pricePerMonth: 29,
		summary: "For whoever has to prove it to an auditor.",
		features: [
			"Everything in Team",
			"Impersonation with reasons and receipts",
			"Audit log without an end",
			"The console’s JSON API",
			"Help within an hour, day and night",
		],
	},
];

export const questions = [
	{
		question: "Can I change the plan later?",
		answer: "At any time. Going up counts at once, going down from the next month on.",
	},
	{
		question: "Who counts as a person?",
		answer: "Everyone with an account that is not suspended. Someone you off-board stops counting the same day.",
	},
	{
		question: "What happens to our data if we leave?",
		answer: "You export it, we keep it for 30 days in case you change your mind, and then it is deleted.",
	},
	{
		question: "Do you offer a discount for non-profits?",
		answer: "Yes, half the price. Start with any plan and write to us from the account’s e-mail address.",
	},
];
