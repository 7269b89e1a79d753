import { Link } from "react-email";
import { Frame, Paragraph } from "./frame";

export function TokenReused({
	to,
	device,
	reset,
}: {
	to: { name: string; email: string };
	device: string;
	reset: string;
}) {
	return (
		<Frame
			preview="Someone may have copied its sign-in."
			heading="An app was signed out"
			why={`Sent to ${to.email}, because it concerns the safety of your account.`}
		>
			<Paragraph>
				Hello {to.name}, the app on “{device}” was signed out, because its sign-in was used in a way that looks as if
				someone had copied it. You can sign in there again.
			</Paragraph>
			<Paragraph>
				If you do not know that device, or it is not in your hands any more,{" "}
				<Link href={reset} className="link" style={{ color: "#2b4dd8" }}>
					choose a new password
				</Link>
				: that ends every session.
			</Paragraph>
		</Frame>
	);
}
