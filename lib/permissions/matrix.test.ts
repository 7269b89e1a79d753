import { describe, expect, test } from "vitest";
import {
	allows,
	assignableRoles,
	matrix,
	mayActOn,
	mayImpersonate,
	type Permission,
	roles,
	rolesBelow,
} from "./matrix";

const permissions = Object.keys(matrix) as Permission[];
const person = (role: (typeof roles)[number], id: string = role) => ({ id, role });

test("a higher role may whatever a lower one may", () => {
	for (const permission of permissions) {
		const allowed = roles.map((role) => allows(role, permission));
		expect(allowed, permission).toEqual(allowed.toSorted());
		expect(allows("owner", permission), permission).toBe(true);
	}
});

test("while impersonating, the console, credentials and one's devices are out of reach for everyone", () => {
	const outOfReach = permissions.filter(
		(permission) =>
			matrix[permission].from !== "user" || /password|identity|account|own-sessions\.end/.test(permission),
	);
	for (const permission of outOfReach) expect(allows("owner", permission, true), permission).toBe(false);
});

describe("on whom one may act", () => {
	test.each(roles)("as %s: on everyone below, on nobody else, and owners on owners", (role) => {
		for (const other of roles) {
			const below = roles.indexOf(other) < roles.indexOf(role);
			const reaches = below || role === "owner";
			expect(mayActOn(person(role, "a"), person(other, "b")), `${role} on ${other}`).toBe(reaches);
			const becomes = below && allows(role, "users.impersonate");
			expect(mayImpersonate(person(role, "a"), person(other, "b")), `${role} as ${other}`).toBe(becomes);
			expect(rolesBelow(role).includes(other), `all ${other}s by ${role}`).toBe(reaches);
		}
	});

	test.each(roles)("never on oneself, not even as %s", (role) => {
		expect(mayActOn(person(role), person(role))).toBe(false);
		expect(mayImpersonate(person(role), person(role))).toBe(false);
		expect(assignableRoles(person(role), person(role))).toEqual([]);
	});
});

test("one gives only roles below one's own, to people below oneself; owners give any to anyone else", () => {
	expect(assignableRoles(person("support"), person("user"))).toEqual([]);
	expect(assignableRoles(person("admin"), person("user"))).toEqual(["user", "support"]);
	expect(assignableRoles(person("admin"), person("admin", "another"))).toEqual([]);
	expect(assignableRoles(person("owner"), person("owner", "another"))).toEqual([...roles]);
});
