/** The page for when the database cannot be asked: it says so, and knows nothing else. */

/** A 503 response that needs no database, no session and no script. */
export function unavailablePage(): Response {
	return new Response(HTML, {
		status: 503,
		headers: {
			"Content-Type": "text/html; charset=utf-8",
			"Cache-Control": "private, no-store",
			"Content-Security-Policy":
				"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
			"Retry-After": "5",
		},
	});
}

const HTML = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5">
<title>Back in a moment</title>
<style>
	:root { color-scheme: light dark; }
	body { font: 15px/1.6 system-ui, sans-serif; min-height: 100vh; margin: 0; display: grid; place-content: center; text-align: center; padding: 0 1.5rem; }
	h1 { font-size: 1.25rem; margin: 0; }
	p { margin: .5rem 0 0; opacity: .75; }
</style>
<main>
	<h1>Back in a moment</h1>
	<p>The database cannot be reached, so we cannot tell who you are. This page tries again by itself.</p>
</main>
</html>
`;
