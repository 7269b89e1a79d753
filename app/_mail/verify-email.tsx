import { Action, Frame, Paragraph } from "./frame";

export function VerifyEmail({ to, link }: { to: { name: string; email: string }; link: string }) {
	return (
		<Frame
			preview="One more step, and your account is ready."
			heading={`Welcome, ${to.name}`}
			why={`Someone signed up with ${to.email}. If it was not you, do nothing: without your confirmation there is no account.`}
		>
			<Paragraph>One more step: confirm that this address is yours, with the password that you chose.</Paragraph>
			<Action href={link} label="Confirm address" />
			<Paragraph>The link works once, within a day.</Paragraph>
		</Frame>
	);
}
