/**
 * The frame of every mail: the brand above, one card, and below why it was sent. Styles are inline, because many readers
 * know nothing else; the style sheet in the head is for those that know dark mode.
 */

import type { ReactNode } from "react";
import { Body, Button, Container, Head, Heading, Html, Link, Preview, Section, Text } from "react-email";

type Props = {
	/** The line that a list of mails shows beside the subject. */
	preview: string;
	heading: string;
	children: ReactNode;
	/** Why this person gets it. */
	why: string;
};

export function Frame({ preview, heading, children, why }: Props) {
	return (
		<Html lang="en">
			<Head>
				<meta name="color-scheme" content="light dark" />
				<meta name="supported-color-schemes" content="light dark" />
				<style>{DARK}</style>
			</Head>
			<Preview>{preview}</Preview>
			<Body className="canvas" style={{ margin: 0, backgroundColor: "#fafafc", fontFamily: FONT }}>
				<Container style={{ maxWidth: 520, padding: "36px 16px" }}>
					<Brand />
					<Section
						className="card"
						style={{ backgroundColor: "#ffffff", border: "1px solid #e2e4e7", borderRadius: 12, padding: "28px 32px" }}
					>
						<Heading as="h1" className="ink" style={{ ...INK, margin: "0 0 14px", fontSize: 20, lineHeight: "28px" }}>
							{heading}
						</Heading>
						{children}
					</Section>
					<Text className="muted" style={{ ...MUTED, margin: "20px 32px 0", fontSize: 12, lineHeight: "18px" }}>
						{why}
					</Text>
				</Container>
			</Body>
		</Html>
	);
}

function Brand() {
	return (
		<table
			role="presentation"
			data-skip-in-text="true"
			cellPadding={0}
			cellSpacing={0}
			style={{ margin: "0 auto 24px" }}
		>
			<tbody>
				<tr>
					<td style={{ width: 24, height: 24, borderRadius: 7, backgroundColor: "#3155e0", textAlign: "center" }}>
						<span style={{ color: "#ffffff", fontFamily: FONT, fontSize: 15, fontWeight: 700, lineHeight: "24px" }}>
							K
						</span>
					</td>
					<td className="ink" style={{ ...INK, paddingLeft: 9, fontFamily: FONT, fontSize: 16, fontWeight: 600 }}>
						Kickoff
					</td>
				</tr>
			</tbody>
		</table>
	);
}

export function Paragraph({ children }: { children: ReactNode }) {
	return (
		<Text className="ink" style={{ ...INK, margin: "0 0 14px", fontSize: 15, lineHeight: "24px" }}>
			{children}
		</Text>
	);
}

/** The one thing to do, as a button, and as an address for whoever cannot click it. */
export function Action({ href, label }: { href: string; label: string }) {
	return (
		<>
			<Button
				href={href}
				style={{
					margin: "6px 0 20px",
					padding: "11px 20px",
					borderRadius: 8,
					backgroundColor: "#3155e0",
					color: "#ffffff",
					fontSize: 15,
					fontWeight: 600,
					lineHeight: "20px",
				}}
			>
				{label}
			</Button>
			<Text
				className="muted"
				data-skip-in-text="true"
				style={{ ...MUTED, margin: "0 0 14px", fontSize: 13, lineHeight: "20px" }}
			>
				Or open this address:
				<br />
				<Link href={href} className="link" style={{ color: "#2b4dd8", wordBreak: "break-all" }}>
					{href}
				</Link>
			</Text>
		</>
	);
}

/** Names and values, such as the device and the place of a sign-in. */
export function Facts({ facts }: { facts: [name: string, value: string][] }) {
	return (
		<table
			className="facts"
			cellPadding={0}
			cellSpacing={0}
			style={{ width: "100%", margin: "0 0 18px", padding: "8px 16px", borderRadius: 8, backgroundColor: "#f3f4f6" }}
		>
			<tbody>
				{facts.map(([name, value]) => (
					<tr key={name}>
						<th className="muted" scope="row" style={{ ...MUTED, ...CELL, width: 90, fontWeight: 400 }}>
							{name}
						</th>
						<td className="ink" style={{ ...INK, ...CELL, wordBreak: "break-word" }}>
							{value}
						</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}

const FONT = "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";
const INK = { color: "#14171d" } as const;
const MUTED = { color: "#50545b" } as const;
const CELL = { padding: "6px 0", textAlign: "left", verticalAlign: "top", fontSize: 14, lineHeight: "20px" } as const;
const DARK = `
@media (prefers-color-scheme: dark) {
	.canvas, .canvas > * { background-color: #0b0b0e !important; }
	.card { background-color: #111215 !important; border-color: #25272b !important; }
	.facts { background-color: #1a1c20 !important; }
	.ink { color: #eff0f2 !important; }
	.muted { color: #a6a9b0 !important; }
	.link { color: #92b0fc !important; }
}`;
