import { receiveLogoutToken } from "@/lib/identities/back-channel-endpoint";

export const POST = receiveLogoutToken;
