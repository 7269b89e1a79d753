import { grantToken } from "@/lib/services/grant";

export const POST = grantToken;
