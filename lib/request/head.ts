/**
 * The answer to a HEAD request (RFC 9110, section 9.3.2). Next has GET make it and drops the body without a word to whoever
 * writes it: a stream would go on until the session ends.
 */
export async function headOf(response: Response): Promise<Response> {
	await response.body?.cancel();
	return new Response(null, response);
}
