import type { JSONWebKeySet, JWTPayload } from "jose";

export function tokenVerifier(options: {
	issuer: string;
	audience: string;
	savedKeys?: JSONWebKeySet;
	clockToleranceSeconds?: number;
}): (token: string, scope: string) => Promise<JWTPayload>;

export class MissingScope extends Error {}
