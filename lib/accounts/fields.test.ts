import { dictionary } from "@zxcvbn-ts/language-common";
import { describe, expect, test, vi } from "vitest";
import { emailField, newPasswordField, PASSWORD_MAX_CHARACTERS, PASSWORD_MIN_CHARACTERS } from "./fields";

const isTaken = (password: string) => newPasswordField.safeParse(password).success;

describe("an e-mail address", () => {
	test("is one mailbox, however it is written", () => {
		expect(emailField.parse("  Alice@BÜCHER.example ")).toBe("alice@xn--bcher-kva.example");
	});

	test("that is too long is not even looked at: normalizing it could take the server minutes", () => {
		const normalize = vi.spyOn(String.prototype, "normalize");
		const marks = `${"\u0345".repeat(200)}${"\u0300".repeat(200)}${"\u0316".repeat(200)}`;
		expect(emailField.safeParse(`a${marks}@example.com`).error?.issues).toMatchObject([{ code: "too_big" }]);
		expect(normalize).not.toHaveBeenCalled();
		normalize.mockRestore();
	});
});

describe("a password that somebody chooses", () => {
	test("has at least 8 characters and may have 128, more than the 64 that a sentence needs", () => {
		expect(PASSWORD_MIN_CHARACTERS).toBe(8);
		expect(isTaken("z7-qv.x")).toBe(false);
		expect(isTaken("z7-qv.xk")).toBe(true);
		expect(isTaken("a sentence that is long ".repeat(4).slice(0, 64))).toBe(true);
		expect(isTaken("qx".repeat(PASSWORD_MAX_CHARACTERS / 2))).toBe(true);
		expect(isTaken("qx".repeat(PASSWORD_MAX_CHARACTERS / 2 + 1))).toBe(false);
	});

	test.each([
		"unrelated words only",
		"9482 0175 3846",
		"%&/()=?§ !!",
		"Ärger mit Übermut",
		"我喜欢喝绿茶和咖啡",
		"🦊🌵🛶🎷🧭🪐🧩🥝",
		"   spaces around   ",
	])("may be made of anything: %s", (password) => {
		expect(newPasswordField.parse(password), "and is taken as it is").toBe(password);
	});

	test("is none of the passwords that leaked most often, thousands of them, however they are written", () => {
		const leaked = (dictionary["passwords-common"] as string[]).filter(
			(word) => word.length >= PASSWORD_MIN_CHARACTERS,
		);
		expect(leaked.length).toBeGreaterThan(3_000);
		expect(leaked.filter(isTaken)).toEqual([]);
		expect(leaked.slice(0, 3_000).filter((word) => isTaken(word.toUpperCase()))).toEqual([]);
	});

	test.each(["kickoff2026", "Kickoff!Kickoff", "ADMIN-admin-1", "OwnerPassword9"])(
		"is not made of the words that anyone would try here: %s",
		(password) => expect(isTaken(password)).toBe(false),
	);

	test("may have such a word in it, if that leaves enough", () => {
		expect(isTaken("our kickoff was on a rainy day")).toBe(true);
	});
});
