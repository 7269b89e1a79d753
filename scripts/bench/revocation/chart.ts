/** The experiment as one picture: how long a person who was put out is still in, and what it costs to ask. */
import type { Row } from "./report";

const WIDTH = 880;
const ROW_HEIGHT = 44;
const TOP = 56;
/** Where the two panels begin, and how wide their longest bar is. */
const OUT = { x: 310, width: 260 };
const SPEED = { x: 640, width: 150 };

/** An SVG that reads in light and in dark. */
export function chart(rows: Row[], lifetimeSeconds: number): string {
	const height = TOP + rows.length * ROW_HEIGHT + 16;
	const fastest = Math.max(...rows.map((row) => row.speed));
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title">
<title id="title">How long each scheme goes on serving a person who was put out, and its requests per second</title>
<style>${STYLE}</style>
<text class="head" x="${OUT.x}" y="28">still served after the revocation</text>
<text class="head" x="${SPEED.x}" y="28">requests per second</text>
${rows.map((row, index) => line(row, TOP + index * ROW_HEIGHT, lifetimeSeconds, fastest)).join("\n")}
</svg>
`;
}

function line(row: Row, y: number, lifetimeSeconds: number, fastest: number): string {
	const share = Math.min(1, (row.longestSeconds ?? Number.POSITIVE_INFINITY) / (lifetimeSeconds * 1.15));
	const out = Math.max(2, OUT.width * share);
	const said = saidOf(row.longestSeconds);
	const tone = row.longestSeconds === 0 ? "good" : "bad";
	const inside = out > OUT.width / 2;
	return `<text x="0" y="${y + 21}">${row.title}</text>
<rect class="${tone}" x="${OUT.x}" y="${y + 5}" width="${out.toFixed(0)}" height="24" rx="4"/>
<text class="${inside ? "on" : "quiet"}" x="${inside ? OUT.x + 10 : OUT.x + out + 8}" y="${y + 21}">${said}</text>
<rect class="speed" x="${SPEED.x}" y="${y + 5}" width="${(SPEED.width * (row.speed / fastest)).toFixed(0)}" height="24" rx="4"/>
<text class="quiet" x="${SPEED.x + SPEED.width * (row.speed / fastest) + 8}" y="${y + 21}">${row.speed.toFixed(2)} ×</text>`;
}

function saidOf(seconds: number | null): string {
	if (seconds === null) return "to the end, and on";
	if (seconds === 0) return "nothing";
	return seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${Math.round(seconds)} s`;
}

const STYLE = `
text { font: 14px ui-sans-serif, system-ui, sans-serif; fill: #1f2328 }
.head { font-weight: 600 }
.quiet { fill: #57606a }
.on { fill: #ffffff; font-weight: 500 }
.good { fill: #1a7f4b }
.bad { fill: #b4372f }
.speed { fill: #8793a5 }
@media (prefers-color-scheme: dark) {
text { fill: #e6e8eb }
.quiet { fill: #9aa3ad }
.on { fill: #ffffff }
.good { fill: #2c9c63 }
.bad { fill: #c9483f }
.speed { fill: #5b6675 }
}`;
