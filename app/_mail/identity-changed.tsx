import { Link } from "react-email";
import type { Mail } from "@/lib/mail/mails";
import { Frame, Paragraph } from "./frame";

type Props = Omit<Extract<Mail, { kind: "identity-changed" }>, "kind"> & {
	heading: string;
	settings: string;
	reset: string;
};

export function IdentityChanged({ to, provider, change, heading, settings, reset }: Props) {
	return (
		<Frame
			preview="If it was you, all is well."
			heading={heading}
			why={`Sent to ${to.email}, because it concerns the safety of your account.`}
		>
			<Paragraph>
				Hello {to.name}, {change === "linked" ? "from now on" : "no longer can"} you{" "}
				{change === "linked" ? "can sign in" : "sign in"} with {provider}. If it was you, all is well.
			</Paragraph>
			<Paragraph>
				If it was not you, look at your{" "}
				<Link href={settings} className="link" style={{ color: "#2b4dd8" }}>
					ways to sign in
				</Link>{" "}
				right away, and{" "}
				<Link href={reset} className="link" style={{ color: "#2b4dd8" }}>
					reset your password
				</Link>
				: that ends every session and, if you had a password, unlinks every identity.
			</Paragraph>
		</Frame>
	);
}
