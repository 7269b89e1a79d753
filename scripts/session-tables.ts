/** `npm run docs:sessions`: writes into docs/sessions.md what the browser tests measured last. */
import { writeTables } from "@/e2e/ways-table";

writeTables();
