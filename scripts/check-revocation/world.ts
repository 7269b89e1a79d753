/** What a run has: instances, a database, the staff who revoke, and the history that all of them write. */
import type { Random } from "@/db/seed/random";
import type { Actions } from "./actions";
import { type Answer, type Ask, ask, oddityOf, openingOf, outcomeOf, send } from "./ask";
import type { Database } from "./database";
import { type History, now, type Operation } from "./history";
import type { Instances } from "./instances";
import type { ClientOperation, Means } from "./operations";
import { type Client, createPerson, startSessionOf } from "./people";

export interface World {
	database: Database;
	instances: Instances;
	action: Actions;
	history: History;
	/** Sessions of theirs nobody ends. */
	staff: { admins: Client[]; owner: Client };
	seed: number;
	/** How many lives have begun. */
	lives: number;
	/** Aborts when the run is to stop. */
	signal: AbortSignal;
}

type Known = Pick<Operation, "name" | "session" | "instance" | "privileged" | "revokes" | "public" | "waitsFor">;
type Asker = Pick<World, "history" | "instances">;

let count = 0;

/** Sends a request, waits for the whole answer, and notes it all in the history. */
export async function perform(
	{ history, instances }: Asker,
	known: Known,
	what: Ask,
	by: Pick<Client, "cookie">,
	proof: string | RegExp,
): Promise<{ operation: Operation; answer?: Answer }> {
	const operation = begin(history, known);
	try {
		const answer = await ask(what, senderOf(instances, operation, by));
		finish(operation, answer, proof);
		return { operation, answer };
	} catch (error) {
		giveUp(operation, error);
		return { operation };
	}
}

/** Opens a response that stays open, and notes what it says until it closes or `enough` aborts. */
export async function watch(
	{ history, instances }: Asker,
	known: Known,
	what: Ask,
	by: Pick<Client, "cookie">,
	mediaType: string | RegExp,
	enough: AbortSignal,
): Promise<void> {
	const operation = begin(history, known);
	try {
		const response = await send(what, { ...senderOf(instances, operation, by), signal: enough });
		const opening = openingOf(response);
		finish(operation, response.ok ? opening : { ...opening, text: await response.text() }, mediaType);
		if (operation.outcome === "served" && response.body) await listen(operation, response.body, enough);
	} catch (error) {
		if (!operation.stream) giveUp(operation, error);
	}
}

async function listen(operation: Operation, body: ReadableStream<Uint8Array>, enough: AbortSignal): Promise<void> {
	const stream = { lastEventMs: -Infinity, lastPrivilegedMs: -Infinity, saidEnded: false, untilMs: now(), open: true };
	operation.stream = stream;
	const decoder = new TextDecoder();
	try {
		for await (const chunk of body) {
			stream.untilMs = now();
			const text = decoder.decode(chunk, { stream: true });
			if (text.includes("event: ended")) stream.saidEnded = true;
			else stream.lastEventMs = stream.untilMs;
			if (text.includes("event: console")) stream.lastPrivilegedMs = stream.untilMs;
		}
		stream.open = false;
	} catch {
		stream.open = enough.aborted;
	} finally {
		stream.untilMs = now();
	}
}

function begin(history: History, known: Known): Operation {
	const operation: Operation = { ...known, id: ++count, startMs: now(), endMs: Infinity, outcome: "failed" };
	history.operations.push(operation);
	return operation;
}

function finish(operation: Operation, answer: Answer, proof: string | RegExp): void {
	const outcome = outcomeOf(answer, proof);
	const odd = oddityOf(answer, outcome);
	Object.assign(operation, { outcome, odd, answer: String(answer.status), endMs: now() });
}

function giveUp(operation: Operation, error: unknown): void {
	Object.assign(operation, { outcome: "failed", answer: causeOf(error), endMs: now() });
}

function senderOf({ urls }: Instances, { instance, id }: Operation, { cookie }: Pick<Client, "cookie">) {
	return { on: urls[instance] as string, cookie, operation: id };
}

function causeOf(error: unknown): string {
	const cause = (error as { cause?: { code?: string } }).cause?.code;
	return cause ?? (error as Error).name;
}

export const anInstance = ({ instances }: Pick<World, "instances">, random: Random) =>
	random.whole(0, instances.urls.length - 1);

/** Everything that an operation's request may need. */
export function meansOf(world: World): Means {
	return {
		action: world.action,
		number: ++count,
		decoy: async () => startSessionOf(world.database, await createPerson(world.database, "user")),
	};
}

/** A client does one of the operations of the table on an instance. */
export async function use(
	world: World,
	client: Client,
	operation: ClientOperation,
	instance: number,
	enough: AbortSignal,
	what?: Ask,
): Promise<void> {
	const privileged = operation.from !== "user";
	const known = { name: operation.name, session: client.session, instance, privileged };
	const request = what ?? (await operation.ask(client, meansOf(world)));
	const proof = operation.proof(client);
	if (operation.streams) await watch(world, known, request, client, proof, enough);
	else {
		const { operation: done, answer } = await perform(world, known, request, client, proof);
		if (done.outcome === "served") operation.keep?.(client, answer?.text ?? "");
		if (done.outcome === "failed") operation.lose?.(client);
	}
}
