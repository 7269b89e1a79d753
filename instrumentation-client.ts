/**
 * Runs in each document before React does. Chromium may keep a page for Back although it is "no-store", and show it
 * when the session is over: a forced logout changes no cookie that would tell the browser. So what is kept is kept out
 * of sight, and fetched anew when it comes back. (OWASP ASVS 5.0, V14.3.1.)
 */
addEventListener("pagehide", ({ persisted }) => {
	document.documentElement.hidden = persisted;
});
addEventListener("pageshow", ({ persisted }) => {
	if (persisted) location.reload();
});
