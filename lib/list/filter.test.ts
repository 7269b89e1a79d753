import { expect, test } from "vitest";
import { db } from "@/db/client";
import { auditFilterSchema, listAuditEvents } from "@/lib/audit/list";
import { dayField, networkField, pastField } from "./filter";

test.each([
	["a day before there were computers", dayField, "1969-12-31"],
	["a day that ends in a year of five digits", dayField, "9999-12-31"],
	["a moment that does by its zone", pastField, "9999-12-31T23:59:59-23:59"],
	["a moment before there were computers", pastField, "1969-12-31T23:59:59Z"],
	["a network whose length begins with a zero", networkField, "2001:db8::/064"],
	["a network that is longer than its address", networkField, "203.0.113.0/33"],
	["an address with a zone", networkField, "fe80::1%eth0"],
])("%s is refused", (_what, field, text) => {
	expect(field.safeParse(text).success).toBe(false);
});

test.each(["1970-01-01", "9998-12-31"])("%s is a day that the database understands", async (day) => {
	const filter = auditFilterSchema.parse({ from: day, to: day });
	await expect(listAuditEvents(filter)).resolves.toBeDefined();
});

test.each(["0.0.0.0/0", "::/0", "2001:db8::/64", "203.0.113.7"])(
	"%s is a network for the database too",
	async (text) => {
		expect(networkField.parse(text)).toBe(text);
		await expect(db.execute(`select '${text}'::inet`)).resolves.toBeDefined();
	},
);
