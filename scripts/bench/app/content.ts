/** What the page and the JSON route of every variant show. */
export const projects = Array.from({ length: 20 }, (_, index) => ({
	id: index + 1,
	name: `Project ${index + 1}`,
	status: index % 3 === 0 ? "Paused" : "Active",
	members: (index * 7) % 12,
}));
