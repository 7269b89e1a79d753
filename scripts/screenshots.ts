/**
 * `npm run screenshots`: the pictures of the console for the landing page and the README, in both colour schemes. Taken
 * of the production build and the demo people of a new database, so that they can be taken again whenever the console
 * changes, and show what a newcomer will see.
 */
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, chromium } from "@playwright/test";
import sharp from "sharp";
import { freePort } from "@/db/embedded-server";
import { startApp } from "@/e2e/app";
import { ensureBrowser, findBrowser } from "@/e2e/browser";
import { ensureBuild, ROOT } from "@/e2e/build";
import { createDatabase } from "@/e2e/database-server";
import { seedDemoPeople } from "./demo";
import { launch } from "./launch";

const PAGE = "/admin/sessions";
const SIZE = { width: 1280, height: 800 };

launch(async (run) => {
	ensureBrowser();
	ensureBuild();
	const database = await createDatabase(join(ROOT, ".data", "screenshots"));
	run.onExit(database.drop);
	const password = process.env.SEED_PASSWORD ?? randomBytes(12).toString("base64url");
	process.env.SEED_PASSWORD = password;
	await seedDemoPeople(database.url);

	const port = await freePort();
	const address = `http://localhost:${port}`;
	const environment = {
		DATABASE_URL: database.url,
		APP_URL: address,
		SESSION_SECRET: randomBytes(32).toString("base64url"),
	};
	const app = startApp({ name: "screenshots", folder: ROOT, port, environment });
	run.onExit(app.stop);
	await app.ready;

	const browser = await chromium.launch({ executablePath: findBrowser(), args: ["--disable-gpu"] });
	run.onExit(() => browser.close());
	for (const scheme of ["light", "dark"] as const) {
		const picture = join(ROOT, "docs", "images", `console-${scheme}.png`);
		await writeFile(picture, await compress(await photograph(browser, address, password, scheme)));
		console.log(picture);
	}
	return 0;
});

/** The page as the owner sees it, who signs out again, so that the next picture shows no more sessions than this one. */
async function photograph(browser: Browser, address: string, password: string, colorScheme: "light" | "dark") {
	const context = await browser.newContext({ baseURL: address, viewport: SIZE, deviceScaleFactor: 2, colorScheme });
	const page = await context.newPage();
	await page.goto(`/sign-in?next=${PAGE}`);
	await page.getByLabel("Email").fill("owner@example.com");
	await page.getByLabel("Password", { exact: true }).fill(password);
	await page.getByRole("button", { name: "Sign in" }).click();
	await page.getByRole("table", { name: "Active sessions" }).waitFor();
	await page.evaluate(() => document.fonts.ready);
	// Away from the button that was clicked, or what lies there now would look hovered over.
	await page.mouse.move(0, 0);
	const picture = await page.screenshot({ animations: "disabled" });
	await page.getByRole("button", { name: "Account menu" }).click();
	await page.getByRole("button", { name: "Sign out" }).click();
	await page.waitForURL("/sign-in");
	await context.close();
	return picture;
}

/** A palette is enough for a page, and a third of the bytes. */
function compress(picture: Buffer): Promise<Buffer> {
	return sharp(picture).png({ palette: true, colours: 256, effort: 10, compressionLevel: 9 }).toBuffer();
}
