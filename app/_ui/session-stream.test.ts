import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { listenToSession, type SessionStream } from "./session-stream";

/** As much of a browser as the stream needs; the whole of it, in a real one, is tested by e2e/open-tabs.spec.ts. */
class FakeStream extends EventTarget {
	static opened: FakeStream[] = [];
	closed = false;
	constructor() {
		super();
		FakeStream.opened.push(this);
	}
	say(name: string, data = "") {
		this.dispatchEvent(new MessageEvent(name, { data }));
	}
	close() {
		this.closed = true;
	}
}
class FakeChannel {
	postMessage() {}
	close() {}
}

const page = Object.assign(new EventTarget(), { hidden: false });
const asked = vi.fn<() => Promise<Response>>();
const news = { onIdentity: vi.fn(), onEnd: vi.fn(), onConsole: vi.fn() };
const latest = () => FakeStream.opened.at(-1) as FakeStream;
let stream: SessionStream;

beforeEach(() => {
	vi.useFakeTimers();
	vi.stubGlobal("EventSource", FakeStream);
	vi.stubGlobal("BroadcastChannel", FakeChannel);
	vi.stubGlobal("document", page);
	vi.stubGlobal("window", new EventTarget());
	vi.stubGlobal("fetch", asked);
	FakeStream.opened = [];
	page.hidden = false;
	asked.mockImplementation(async () => Response.json({}));
	stream = listenToSession("a session", news);
});

afterEach(() => {
	stream.stop();
	expect(vi.getTimerCount()).toBe(0);
	vi.useRealTimers();
	vi.unstubAllGlobals();
	vi.clearAllMocks();
});

test("a stream that is heard in time is never doubled by polling", async () => {
	latest().say("session", "{}");
	await vi.advanceTimersByTimeAsync(19_000);
	latest().say("alive");
	await vi.advanceTimersByTimeAsync(19_000);
	expect(asked).not.toHaveBeenCalled();
	expect(news.onIdentity).toHaveBeenCalledOnce();
});

test("what may have moved before a stream began is looked at once it begins, and again after it broke", () => {
	latest().say("session", "{}");
	latest().say("session", "{}");
	expect(news.onConsole).toHaveBeenCalledOnce();
	latest().dispatchEvent(new Event("error"));
	vi.advanceTimersByTime(5_000);
	latest().say("session", "{}");
	expect(news.onConsole).toHaveBeenCalledTimes(2);
});

test("a stream of which nothing is heard is doubled by polling, until something is", async () => {
	await vi.advanceTimersByTimeAsync(6_100);
	expect(asked).toHaveBeenCalledTimes(4);
	latest().say("session", "{}");
	await vi.advanceTimersByTimeAsync(10_000);
	expect(asked).toHaveBeenCalledTimes(4);
	expect(FakeStream.opened).toHaveLength(1);
});

test("a stream that breaks is tried again, less and less often, and the tab asks at once and goes on asking", async () => {
	latest().say("session", "{}");
	latest().dispatchEvent(new Event("error"));
	expect(asked).toHaveBeenCalledOnce();
	for (let second = 0; second < 60; second++) {
		await vi.advanceTimersByTimeAsync(1_000);
		if (!latest().closed) latest().dispatchEvent(new Event("error"));
	}
	expect(FakeStream.opened.length).toBeGreaterThan(3);
	expect(FakeStream.opened.length).toBeLessThan(9);
	expect(asked.mock.calls.length).toBeGreaterThanOrEqual(40);
});

test("a stream that fell silent is given up", async () => {
	latest().say("session", "{}");
	await vi.advanceTimersByTimeAsync(46_000);
	expect(FakeStream.opened[0]?.closed).toBe(true);
	expect(asked).toHaveBeenCalled();
});

test("a refused question is the end, and so is the event that says so", async () => {
	asked.mockImplementation(async () => new Response(null, { status: 401 }));
	await stream.ask();
	latest().say("ended");
	expect(news.onEnd).toHaveBeenCalledTimes(2);
});

test("an error, or no answer at all, is not the end", async () => {
	asked.mockImplementationOnce(async () => new Response(null, { status: 503 }));
	await stream.ask();
	asked.mockImplementationOnce(() => Promise.reject(new TypeError("no network")));
	await stream.ask();
	expect(news.onEnd).not.toHaveBeenCalled();
});

test("an answer to a question from before the tab was hidden, or before the end, is not heard", async () => {
	const late = Promise.withResolvers<Response>();
	asked.mockImplementationOnce(() => late.promise);
	const question = stream.ask();
	latest().say("ended");
	late.resolve(Response.json({}));
	await question;
	expect(news.onEnd).toHaveBeenCalledOnce();
	expect(news.onIdentity).not.toHaveBeenCalled();
});

test("beside a form that ends the session, nothing is asked or heard until the document is shown again", async () => {
	const late = Promise.withResolvers<Response>();
	asked.mockImplementationOnce(() => late.promise);
	const question = stream.ask();
	stream.standBack();
	expect(latest().closed).toBe(true);
	late.resolve(new Response(null, { status: 401 }));
	await question;
	window.dispatchEvent(new Event("focus"));
	page.dispatchEvent(new Event("visibilitychange"));
	await stream.ask();
	expect(asked).toHaveBeenCalledOnce();
	expect(news.onEnd).not.toHaveBeenCalled();

	window.dispatchEvent(new Event("pageshow"));
	expect(asked).toHaveBeenCalledTimes(2);
	expect(FakeStream.opened).toHaveLength(2);
});

test("a form that was stopped on its way does not keep the tab deaf", async () => {
	stream.standBack();
	await vi.advanceTimersByTimeAsync(31_000);
	expect(asked).toHaveBeenCalled();
	expect(FakeStream.opened).toHaveLength(2);
});

test("a hidden page holds no stream and runs no timer, and asks when it is seen again", async () => {
	page.hidden = true;
	page.dispatchEvent(new Event("visibilitychange"));
	expect(latest().closed).toBe(true);
	expect(vi.getTimerCount()).toBe(0);
	page.hidden = false;
	page.dispatchEvent(new Event("visibilitychange"));
	expect(asked).toHaveBeenCalledOnce();
	expect(FakeStream.opened).toHaveLength(2);
});
