import { getImageProps } from "next/image";
import dark from "@/docs/images/console-dark.png";
import light from "@/docs/images/console-light.png";

const alt =
	"The console’s list of live sessions: people with their browsers, addresses and when they were last seen, and on each row a button that reads “Force log out”.";

/** The console as it is, in the reader's own colour scheme. */
export function ConsolePicture() {
	// A phone shows a part of it, at a size that can be read.
	const sizes = "(min-width: 72rem) 69rem, (min-width: 40rem) 100vw, 45rem";
	const { props: darkProps } = getImageProps({ src: dark, alt, sizes, loading: "eager" });
	const { props: lightProps } = getImageProps({ src: light, alt, sizes, loading: "eager" });
	return (
		<picture>
			<source media="(prefers-color-scheme: dark)" srcSet={darkProps.srcSet} sizes={sizes} />
			<img
				{...lightProps}
				alt={alt}
				className="w-full rounded-xl border shadow-popup max-sm:h-112 max-sm:object-cover max-sm:object-right"
			/>
		</picture>
	);
}
