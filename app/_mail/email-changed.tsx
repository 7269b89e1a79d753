import type { Mail } from "@/lib/mail/mails";
import { Action, Frame, Paragraph } from "./frame";

type Props = Pick<Extract<Mail, { kind: "email-changed" }>, "to" | "newEmail"> & { link: string };

export function EmailChanged({ to, newEmail, link }: Props) {
	return (
		<Frame
			preview="If it was not you, you can undo it within a week."
			heading="Your e-mail address was changed"
			why={`Sent to ${to.email}, which was the address of your account until now.`}
		>
			<Paragraph>
				Hello {to.name}, from now on you sign in with {newEmail}. If that is what you wanted, all is well.
			</Paragraph>
			<Paragraph>
				If it was not you, undo it within a week. Your address will be this one again, everyone is signed out of your
				account, and you choose a new password.
			</Paragraph>
			<Action href={link} label="Undo the change" />
		</Frame>
	);
}
