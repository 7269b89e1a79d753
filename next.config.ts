import type { NextConfig } from "next";
import { securityHeaders } from "@/lib/request/security-headers";

const config: NextConfig = {
	poweredByHeader: false,
	reactStrictMode: true,
	serverExternalPackages: ["@node-rs/argon2", "postgres", "pino", "rate-limiter-flexible", "pg-boss", "nodemailer"],
	// What ends in `.dev.tsx` is a page of `next dev` alone: the production build does not know it.
	pageExtensions: process.env.NODE_ENV === "development" ? ["dev.tsx", "tsx", "ts"] : ["tsx", "ts"],
	// As much as the API takes (lib/api/input.ts): no form of ours is longer, and visitors may send them too.
	experimental: { serverActions: { bodySizeLimit: 65_536 } },
	// The image optimiser fetches what it is asked for: pictures of the build, never an address of the app.
	images: { localPatterns: [{ pathname: "/_next/static/media/**", search: "" }] },
	devIndicators: { position: "bottom-right" },
	headers: async () => [
		{
			source: "/:path*",
			headers: Object.entries(securityHeaders).map(([key, value]) => ({ key, value })),
		},
	],
};

export default config;
