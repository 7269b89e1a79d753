import { connection } from "next/server";
import { projects } from "../../../content";
import { currentUserId } from "../../../identity";

export async function GET(): Promise<Response> {
	await connection();
	return Response.json({ userId: await currentUserId(), projects });
}
