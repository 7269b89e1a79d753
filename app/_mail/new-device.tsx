import type { Mail } from "@/lib/mail/mails";
import { Action, Facts, Frame, Paragraph } from "./frame";

type Props = Pick<Extract<Mail, { kind: "new-device" }>, "to" | "place"> & { link: string };

export function NewDevice({ to, place, link }: Props) {
	return (
		<Frame
			preview={`${place.device}. If it was not you, say so.`}
			heading="Was this you?"
			why={`Sent to ${to.email}, because somebody signed in from where you had not been before.`}
		>
			<Paragraph>Hello {to.name}, somebody just signed in to your account:</Paragraph>
			<Facts
				facts={[
					["Device", place.device],
					["Network", place.ip ?? "unknown"],
					["When", `${moment.format(new Date(place.at))} UTC`],
				]}
			/>
			<Paragraph>
				If it was you, all is well. If not, one click ends that session, every later one and your password, and unlinks
				every identity that you can sign in with.
			</Paragraph>
			<Action href={link} label="This wasn’t me" />
		</Frame>
	);
}

const moment = new Intl.DateTimeFormat("en", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });
