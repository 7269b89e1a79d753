/** The promise of `docs`, in short. Each line is held by a test of the same meaning. */
export const promises = [
	{ what: "Reads", holds: "No request that arrives afterwards is served as that session, or with the old role." },
	{
		what: "Writes",
		holds: "No transaction made for that session commits afterwards, not even one that was already running.",
	},
	{
		what: "Streams",
		holds: "Every long answer still being sent to that session, such as an export, is closed within a second.",
	},
	{
		what: "Screens",
		holds: "An open tab leaves the page by itself within two seconds, and at once on the next click.",
	},
	{ what: "Faults", holds: "If the database cannot be asked, the answer is 503. Never the last known good." },
];
