/** Variant (b): the product's own lock, behind the product's own proxy. */
import { requirePage } from "@/lib/session/current";

export async function currentUserId(): Promise<string> {
	return (await requirePage("product.use", "/dashboard")).user.id;
}
