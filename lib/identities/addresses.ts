/** What has to be registered at an identity provider. Pure: the console's form shows it while the id is typed. */

export interface ProviderAddresses {
	/** Where it sends people back to (the redirect URI). */
	callback: string;
	/** Where it says, server to server, that somebody signed out there (Back-Channel Logout). */
	backChannelLogout: string;
	/** Where people go on to after signing out there. */
	signedOut: string;
}

/** The addresses of the provider with that id. */
export function addressesAt(appUrl: string, id: string): ProviderAddresses {
	return {
		callback: `${appUrl}/sign-in/callback/${id}`,
		backChannelLogout: `${appUrl}/api/oidc/${id}/backchannel-logout`,
		signedOut: `${appUrl}/sign-in`,
	};
}
