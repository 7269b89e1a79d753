/** Serves the page on an origin of its own, and the client for access tokens out of lib/, without its types. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";

const { APP_URL = "http://localhost:3000", PORT = "4100" } = process.env;
const root = join(import.meta.dirname, "..", "..", "..");
const read = (...path) => readFileSync(join(root, ...path), "utf8");

const page = read("docs/examples/spa/index.html").replace("<html", `<html data-app="${APP_URL}"`);
const files = {
	"/": ["text/html; charset=utf-8", page],
	"/style.css": ["text/css", read("docs/examples/spa/style.css")],
	"/app.js": ["text/javascript", read("docs/examples/spa/app.js")],
	"/browser-client.js": ["text/javascript", stripTypeScriptTypes(read("lib/tokens/browser-client.ts"))],
};
/** A script that got into the page could use its token, but take it nowhere. */
const policy = `default-src 'none'; script-src 'self'; style-src 'self'; connect-src ${APP_URL}; base-uri 'none'`;

const server = createServer((request, response) => {
	const [type, body] = files[new URL(request.url, "http://localhost").pathname] ?? [];
	if (!type) return response.writeHead(404).end();
	response.writeHead(200, { "Content-Type": type, "Content-Security-Policy": policy, "Cache-Control": "no-cache" });
	response.end(body);
});
server.listen(Number(PORT), "localhost", () => console.log(`ready ${server.address().port}`));
