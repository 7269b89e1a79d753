"use client";

/** Keeps the frame of the console around the message. */
export { ErrorMessage as default } from "@/app/_ui/error-message";
