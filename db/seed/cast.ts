/** The people of the demo with what they work from. */
import { demoAddress, demoDevices } from "./devices";
import { demoPeople } from "./people";
import type { Person, Place, Story } from "./story";

/** A person and the one to four browsers from which they work. */
export interface Member {
	person: Person;
	places: Place[];
	liveSessions: number;
	/** Until when an intervention ended all their sessions; those that are live began later. */
	clearedAt: Date;
}

export type Cast = Map<string, Member>;

export function settleCast({ random, people }: Story): Cast {
	const cast: Cast = new Map();
	for (const { email, liveSessions } of demoPeople) {
		const person = people.get(email) as Person;
		const places = Array.from({ length: (liveSessions ?? 0) > 3 ? 4 : random.whole(1, 3) }, () => ({
			device: demoDevices[Math.floor(random.next() * random.next() * demoDevices.length)] as Place["device"],
			ip: demoAddress(random),
		}));
		cast.set(email, {
			person,
			places,
			liveSessions: liveSessions ?? random.whole(1, 3),
			clearedAt: person.createdAt as Date,
		});
	}
	return cast;
}
