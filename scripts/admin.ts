/** `npm run admin -- …`: the break-glass command line, for when the app is down or nobody can sign in. */
import { runCommand } from "./admin-commands";
import { launch } from "./launch";

launch(async (run) => {
	await runCommand(process.argv.slice(2), run);
	return 0;
});
