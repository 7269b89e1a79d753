import { Link } from "react-email";
import { Action, Frame, Paragraph } from "./frame";

type Props = { to: { name: string; email: string }; signIn: string; reset: string };

export function AlreadyRegistered({ to, signIn, reset }: Props) {
	return (
		<Frame
			preview="Somebody signed up with your address. Nothing was changed."
			heading="You already have an account"
			why={`Someone signed up with ${to.email}. If it was not you, do nothing: your account is as it was.`}
		>
			<Paragraph>
				Hello {to.name}, somebody, probably you, just signed up with this address. It belongs to your account already,
				so nothing was changed. Sign in to it:
			</Paragraph>
			<Action href={signIn} label="Sign in" />
			<Paragraph>
				Forgot your password?{" "}
				<Link href={reset} className="link" style={{ color: "#2b4dd8" }}>
					Choose a new one
				</Link>
				.
			</Paragraph>
		</Frame>
	);
}
