/** A page on an origin of its own: everything that it knows of the person, it asks the app for, with an access token. */
import { accessTokens, SignedOut } from "/browser-client.js";

const appUrl = document.documentElement.dataset.app;
const find = (id) => document.getElementById(id);
const say = (text) => (find("status").textContent = text);

const tokens = accessTokens({
	appUrl,
	onSignedOut() {
		say("You are signed out.");
		find("who").disabled = true;
		find("rename").remove();
		find("out").hidden = false;
		find("sign-in").href = new URL("/sign-in", appUrl);
	},
});

/** Does something with the app, and says what came of it. A tab that was signed out has said so already. */
async function doing(work) {
	try {
		say(await work());
	} catch (error) {
		if (!(error instanceof SignedOut)) say("That did not work just now. Try again.");
	}
}

async function whoAmI() {
	const answer = await tokens.fetch("/api/v1/me");
	if (!answer.ok) throw new Error(`${answer.status}`);
	const { userId, role } = await answer.json();
	return `You are ${userId}, ${role}.`;
}

async function rename(name) {
	const headers = { "Content-Type": "application/json" };
	const answer = await tokens.fetch("/api/v1/me", { method: "PATCH", headers, body: JSON.stringify({ name }) });
	if (!answer.ok) throw new Error(`${answer.status}`);
	return `Your name is ${name} now.`;
}

find("who").addEventListener("click", () => doing(whoAmI));
find("rename").addEventListener("submit", (event) => {
	event.preventDefault();
	const name = new FormData(event.target).get("name");
	doing(() => rename(name));
});
doing(whoAmI);
