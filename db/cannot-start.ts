/** A reason not to start, in one sentence that says what to do. The scripts print it as it is, without a stack trace. */
export class CannotStart extends Error {}
