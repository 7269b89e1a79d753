/** The two commands, ready to copy, and what they give. */
import { CopyButton } from "@/app/_ui/copy-button";

const commands = ["npm install", "npm run dev"];

const gives = [
	["PostgreSQL", "embedded, migrated, seeded"],
	["People", "an owner, an admin, support, users"],
	["Address", "http://localhost:3000"],
];

export function Commands() {
	return (
		<figure className="min-w-0 overflow-hidden rounded-xl bg-surface shadow-popup">
			<figcaption className="flex items-center justify-between border-b py-1.5 ps-5 pe-1.5 text-muted text-sm">
				Two commands
				<CopyButton text={commands.join(" && ")} label="Copy the commands" />
			</figcaption>
			<div className="p-5 font-mono text-sm leading-7">
				{commands.map((command) => (
					<p key={command}>
						<span className="select-none text-faint" aria-hidden>
							${" "}
						</span>
						{command}
					</p>
				))}
				<dl className="mt-4 space-y-0.5 border-t pt-4 text-muted">
					{gives.map(([what, how]) => (
						<div key={what} className="grid grid-cols-[6.5rem_minmax(0,1fr)]">
							<dt className="text-faint">{what}</dt>
							<dd>{how}</dd>
						</div>
					))}
				</dl>
			</div>
		</figure>
	);
}
