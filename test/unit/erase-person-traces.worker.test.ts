import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { EVERY_REQUEST } from "../log/every-request.ts";
import { must } from "../safety/populated-company.ts";
import { waitForLogAndWork } from "../safety/wait-for-log-and-work.ts";
import { newClient, operate } from "../scim-api/scim-client.ts";

/** Spellings of one name: in case, in form and in full folding. */
const SPELLINGS = ["Éva.Groß", "éVA.GROSS", "E\u0301va.GROẞ", "Éva.groß"];

it("a look-up by any spelling of a person's name is exported and erased with it, and with a name of before", async () => {
  const client = await newClient();
  const ask = async (name: string) =>
    must(await client.send("GET", `/Users?filter=${encodeURIComponent(`userName eq "${name}"`)}`), 200);
  must(await client.send("POST", "/Users", { userName: "other.gross" }), 201);
  for (const name of [...SPELLINGS, "Other.Groß"]) await ask(name);
  const { id } = must(await client.send("POST", "/Users", { userName: "éva.groß" }), 201);
  must(await client.send("PUT", `/Users/${id}`, { userName: "renamed" }), 200);
  await waitForLogAndWork(client);
  const exported = must(await operate("GET", `/companies/${client.companyId}/target-users/${id}/export`), 200);
  const asked = exported.requests.filter(({ path }: { path: string }) => path.includes("filter="));
  expect(asked.map(({ label }: { label: string }) => label).sort()).toEqual(SPELLINGS.toSorted());
  must(await client.send("DELETE", `/Users/${id}`), 204);
  await waitForLogAndWork(client);
  const { results } = await env.DB.prepare(
    `SELECT label, label_key FROM ${EVERY_REQUEST} WHERE label IS NOT NULL AND method = 'GET'
       AND company_key = (SELECT company_key FROM companies WHERE id = ?)`,
  )
    .bind(client.companyId)
    .all();
  expect(new Set(results.map(({ label }) => label))).toEqual(new Set(["other.gross"]));
});
