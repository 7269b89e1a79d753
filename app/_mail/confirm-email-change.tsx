import { Action, Frame, Paragraph } from "./frame";

export function ConfirmEmailChange({ to, link }: { to: { name: string; email: string }; link: string }) {
	return (
		<Frame
			preview="The change takes effect when you confirm it."
			heading="Confirm your new address"
			why={`Someone wants to use ${to.email} for their account. If it was not you, do nothing.`}
		>
			<Paragraph>
				Hello {to.name}, you want to sign in with {to.email} from now on. Confirm that it is yours:
			</Paragraph>
			<Action href={link} label="Confirm new address" />
			<Paragraph>
				The link works once, within an hour, and while you stay signed in where you asked for it. All your other devices
				are signed out then.
			</Paragraph>
		</Frame>
	);
}
