/**
 * The requirements of OWASP ASVS 5.0.0 that docs/security.md covers, with their levels: V7 and V9 as a whole, V3, V6, V8, V10
 * (without what is for authorization servers with people in front of them) and V16 at levels 1 and 2.
 */
export const requirements: Record<string, 1 | 2 | 3> = {
	...atLevel(1, "V3.2.1 V3.2.2 V3.3.1 V3.4.1 V3.4.2 V3.5.1 V3.5.2 V3.5.3"),
	...atLevel(2, "V3.3.2 V3.3.3 V3.3.4 V3.4.3 V3.4.4 V3.4.5 V3.4.6 V3.5.4 V3.5.5 V3.7.1 V3.7.2"),
	...atLevel(1, "V6.1.1 V6.2.1 V6.2.2 V6.2.3 V6.2.4 V6.2.5 V6.2.6 V6.2.7 V6.2.8 V6.3.1 V6.3.2 V6.4.1 V6.4.2"),
	...atLevel(2, "V6.1.2 V6.1.3 V6.2.9 V6.2.10 V6.2.11 V6.2.12 V6.3.3 V6.3.4 V6.4.3 V6.4.4"),
	...atLevel(2, "V6.5.1 V6.5.2 V6.5.3 V6.5.4 V6.5.5 V6.6.1 V6.6.2 V6.6.3 V6.8.1 V6.8.2 V6.8.3 V6.8.4"),
	...atLevel(1, "V7.2.1 V7.2.2 V7.2.3 V7.2.4 V7.4.1 V7.4.2"),
	...atLevel(2, "V7.1.1 V7.1.2 V7.1.3 V7.3.1 V7.3.2 V7.4.3 V7.4.4 V7.4.5 V7.5.1 V7.5.2 V7.6.1 V7.6.2"),
	...atLevel(3, "V7.5.3"),
	...atLevel(1, "V8.1.1 V8.2.1 V8.2.2 V8.3.1"),
	...atLevel(2, "V8.1.2 V8.2.3 V8.4.1"),
	...atLevel(1, "V9.1.1 V9.1.2 V9.1.3 V9.2.1"),
	...atLevel(2, "V9.2.2 V9.2.3 V9.2.4"),
	...atLevel(2, "V10.1.1 V10.1.2 V10.2.1 V10.2.2"),
	...atLevel(3, "V10.2.3"),
	...atLevel(1, "V10.4.1 V10.4.2 V10.4.3 V10.4.4 V10.4.5"),
	...atLevel(2, "V10.4.6 V10.4.7 V10.4.8 V10.4.9 V10.4.10 V10.4.11"),
	...atLevel(3, "V10.4.14 V10.4.16"),
	...atLevel(2, "V10.5.1 V10.5.2 V10.5.3 V10.5.4 V10.5.5"),
	...atLevel(2, "V16.1.1 V16.2.1 V16.2.2 V16.2.3 V16.2.4 V16.2.5 V16.3.1 V16.3.2 V16.3.3 V16.3.4"),
	...atLevel(2, "V16.4.1 V16.4.2 V16.4.3 V16.5.1 V16.5.2 V16.5.3"),
};

function atLevel<Level extends 1 | 2 | 3>(level: Level, ids: string): Record<string, Level> {
	return Object.fromEntries(ids.split(" ").map((id) => [id, level]));
}
