import type { Mail } from "@/lib/mail/mails";
import { Action, Frame, Paragraph } from "./frame";

type Props = Pick<Extract<Mail, { kind: "reset-password" }>, "to" | "because"> & { link: string };

export function ResetPassword({ to, because, link }: Props) {
	return (
		<Frame
			preview="A link that works once, within an hour."
			heading="Choose a new password"
			why={`Sent to ${to.email}. Nobody but you can see this link; do not pass it on.`}
		>
			<Paragraph>
				Hello {to.name}, {reasons[because]}
			</Paragraph>
			<Action href={link} label="Choose a new password" />
			<Paragraph>
				The link works once, within an hour. A new password signs you out everywhere, so that whoever should not be in
				your account is out of it. If you had one before, it also unlinks the identities that you can sign in with: link
				yours again in the settings.
			</Paragraph>
			{because === "asked" && (
				<Paragraph>If you did not ask for this, do nothing. Your password stays as it is.</Paragraph>
			)}
		</Frame>
	);
}

const reasons: Record<Props["because"], string> = {
	asked: "somebody, hopefully you, asked for a new password for your account.",
	admin: "an administrator asks you to choose a new password.",
	disowned:
		"you told us that a sign-in was not you. We ended it, your old password no longer works, and every identity was unlinked: whoever it was had one of them.",
	undone:
		"your e-mail address is this one again. Your old password no longer works, and every identity was unlinked: whoever changed the address had one of them.",
};
