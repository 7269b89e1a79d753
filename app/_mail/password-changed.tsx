import { Link } from "react-email";
import { Frame, Paragraph } from "./frame";

export function PasswordChanged({ to, reset }: { to: { name: string; email: string }; reset: string }) {
	return (
		<Frame
			preview="If it was you, all is well."
			heading="Your password was changed"
			why={`Sent to ${to.email}, because it concerns the safety of your account.`}
		>
			<Paragraph>Hello {to.name}, the password of your account was just changed. If it was you, all is well.</Paragraph>
			<Paragraph>
				If it was not you,{" "}
				<Link href={reset} className="link" style={{ color: "#2b4dd8" }}>
					choose a new one
				</Link>{" "}
				right away: that ends every session, theirs too.
			</Paragraph>
		</Frame>
	);
}
