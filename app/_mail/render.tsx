/** Every mail in words: its subject, and what stands in it. `lib` sends them and knows no React, so it is handed this. */
import { render } from "react-email";
import { environment } from "@/lib/environment";
import type { Mail, RenderedMail, RenderMail } from "@/lib/mail/mails";
import { AlreadyRegistered } from "./already-registered";
import { ConfirmEmailChange } from "./confirm-email-change";
import { EmailChanged } from "./email-changed";
import { IdentityChanged } from "./identity-changed";
import { NewDevice } from "./new-device";
import { PasswordChanged } from "./password-changed";
import { ResetPassword } from "./reset-password";
import { TokenReused } from "./token-reused";
import { VerifyEmail } from "./verify-email";

/** Renders a mail as HTML and as text. */
export const renderMail: RenderMail = async (mail, link): Promise<RenderedMail> => {
	const { subject, element } = compose(mail, link ?? "");
	const [html, text] = await Promise.all([render(element), render(element, { plainText: true })]);
	return { subject, html, text };
};

function compose(mail: Mail, link: string) {
	const address = (path: string) => environment().APP_URL + path;
	switch (mail.kind) {
		case "verify-email":
			return { subject: "Confirm your e-mail address", element: <VerifyEmail to={mail.to} link={link} /> };
		case "already-registered":
			return {
				subject: "You already have an account",
				element: <AlreadyRegistered to={mail.to} signIn={address("/sign-in")} reset={address("/forgot-password")} />,
			};
		case "reset-password":
			return { subject: "Choose a new password", element: <ResetPassword {...mail} link={link} /> };
		case "password-changed":
			return {
				subject: "Your password was changed",
				element: <PasswordChanged {...mail} reset={address("/forgot-password")} />,
			};
		case "identity-changed": {
			const subject = `${mail.provider} was ${mail.change === "linked" ? "linked with" : "unlinked from"} your account`;
			return {
				subject,
				element: (
					<IdentityChanged
						{...mail}
						heading={subject}
						settings={address("/settings/security")}
						reset={address("/forgot-password")}
					/>
				),
			};
		}
		case "confirm-email-change":
			return { subject: "Confirm your new e-mail address", element: <ConfirmEmailChange to={mail.to} link={link} /> };
		case "email-changed":
			return { subject: "Your e-mail address was changed", element: <EmailChanged {...mail} link={link} /> };
		case "new-device":
			return { subject: "New sign-in to your account", element: <NewDevice {...mail} link={link} /> };
		case "token-reused":
			return {
				subject: "An app was signed out",
				element: <TokenReused {...mail} reset={address("/forgot-password")} />,
			};
	}
}
