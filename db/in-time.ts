import { setImmediate as afterInput, setTimeout as wait } from "node:timers/promises";

/** Gives the answer, or throws when it takes longer. After a stall of the process, what has arrived meanwhile still counts. */
export async function inTime<T>(answer: Promise<T>, milliseconds: number): Promise<T> {
	const answered = new AbortController();
	const { signal } = answered;
	const late = wait(milliseconds, undefined, { signal })
		.then(() => afterInput(undefined, { signal }))
		.then(() => Promise.reject(new Error(`there was no answer within ${milliseconds} ms`)));
	try {
		return await Promise.race([answer, late]);
	} finally {
		answered.abort();
		late.catch(() => {});
	}
}
