/** The initials of a name on a colour of its own. Decoration: the name itself always stands beside it. */
import { cx } from "@/app/_ui/cx";

const sizes = { sm: "size-6 text-[0.625rem]", md: "size-8 text-xs", lg: "size-12 text-lg" };

type Props = { name: string; size?: keyof typeof sizes; className?: string };

export function Avatar({ name, size = "md", className }: Props) {
	const hue = hueOf(name);
	return (
		<span
			aria-hidden="true"
			className={cx("grid shrink-0 select-none place-items-center rounded-full font-medium", sizes[size], className)}
			style={{
				background: `light-dark(oklch(0.93 0.045 ${hue}), oklch(0.33 0.06 ${hue}))`,
				color: `light-dark(oklch(0.4 0.11 ${hue}), oklch(0.88 0.08 ${hue}))`,
			}}
		>
			{initialsOf(name)}
		</span>
	);
}

/** Made for the first name that needs it: it takes longer than all else that a page does with names. */
let graphemes: Intl.Segmenter | undefined;
/** Begins with a letter that nothing after it can belong to. */
const plain = /^[!-~]([!-~]|$)/;
const wordless = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

/** "Ada Lovelace" → "AL", "Ada" → "A", "王小明" → "王" (scripts without spaces or capitals get one sign). */
export function initialsOf(name: string): string {
	const words = name.trim().split(/\s+/u);
	const first = firstSign(words[0] ?? "");
	if (words.length < 2 || wordless.test(first)) return first || "?";
	return first + firstSign(words.at(-1) ?? "");
}

function firstSign(word: string): string {
	if (plain.test(word)) return word.charAt(0).toUpperCase();
	graphemes ??= new Intl.Segmenter("en", { granularity: "grapheme" });
	return graphemes.segment(word)[Symbol.iterator]().next().value?.segment.toUpperCase() ?? "";
}

function hueOf(name: string): number {
	let hash = 0;
	for (const sign of name) hash = (hash * 31 + (sign.codePointAt(0) ?? 0)) % 360;
	return hash;
}
