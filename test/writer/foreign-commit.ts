import { env } from "cloudflare:workers";
import { newId } from "../../src/platform/uuid.ts";

/**
 * Moves the fence of a company (by its id or key), as the commit of another writer does: whoever writes rows of a company behind its writer has to, or
 * the writer goes on by what it keeps. Its rows stay in the form they have.
 */
export async function moveFence(company: string | number): Promise<void> {
  await env.DB.prepare(
    `UPDATE companies SET commit_no = commit_no + 1, commit_id = ?2,
      stored_form_commit = iif(stored_form_commit IS commit_id, ?2, stored_form_commit),
      items_counted_commit = iif(items_counted_commit IS commit_id, ?2, items_counted_commit) WHERE ?1 IN (id, company_key)`,
  )
    .bind(company, newId(Date.now()))
    .run();
}
