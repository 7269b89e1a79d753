import Link from "@/app/_ui/link";
import type { Remembered } from "@/lib/audit/list";
import { namesOf } from "@/lib/audit/words";

/** Someone by the name that they had then; a link to the person if there is one. */
export function PersonLink({ person }: { person: Remembered }) {
	const { name, email } = namesOf(person);
	if (!person.id) return <span className="text-muted">{name}</span>;
	return (
		<Link
			href={`/admin/users/${person.id}`}
			title={email ? `${name} <${email}>` : name}
			className="block truncate hover:underline"
		>
			{name}
		</Link>
	);
}
