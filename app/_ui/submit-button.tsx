"use client";

import { useFormStatus } from "react-dom";
import { Button, type ButtonProps } from "@/app/_ui/button";

/** The button that sends the form around it; shows that the form is on its way. Primary unless told otherwise. */
export function SubmitButton({ pending, variant = "primary", ...props }: ButtonProps) {
	const status = useFormStatus();
	// Of several submit buttons in one form, only the one that was pressed shows the spinner.
	const mine = !props.name || status.data?.get(props.name) === String(props.value ?? "");
	return <Button type="submit" variant={variant} pending={pending || (status.pending && mine)} {...props} />;
}
