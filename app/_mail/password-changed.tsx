import { Link } from "react-email";
import type { Mail } from "@/lib/mail/mails";
import { Frame, Paragraph } from "./frame";

type Props = Omit<Extract<Mail, { kind: "password-changed" }>, "kind"> & { reset: string };

export function PasswordChanged({ to, unlinked, reset }: Props) {
	return (
		<Frame
			preview="If it was you, all is well."
			heading="Your password was changed"
			why={`Sent to ${to.email}, because it concerns the safety of your account.`}
		>
			<Paragraph>Hello {to.name}, the password of your account was just changed. If it was you, all is well.</Paragraph>
			{unlinked && (
				<Paragraph>
					The identities that you could sign in with were unlinked, because one of them might have been somebody else’s.
					Link yours again in the settings.
				</Paragraph>
			)}
			<Paragraph>
				If it was not you,{" "}
				<Link href={reset} className="link" style={{ color: "#2b4dd8" }}>
					choose a new one
				</Link>{" "}
				right away: that ends every session, theirs too, and unlinks every identity.
			</Paragraph>
		</Frame>
	);
}
