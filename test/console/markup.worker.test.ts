import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { consoleApp } from "../../src/console/console.tsx";
import { must } from "../safety/populated-company.ts";
import { waitForLogAndWork } from "../safety/wait-for-log-and-work.ts";
import { newSetting, operate } from "../scim-api/scim-client.ts";
import { getPage, signInAdmin } from "./sign-in-to.ts";

const MARKUP = `<img src=x onerror=alert(1)>"'><script>alert(2)</script>`;
const FORMULA = "=HYPERLINK(A1)";

it("shows names with markup literally on every page, and formulas as text in every CSV", async () => {
  const company = must(await operate("POST", "/companies", { name: `Company ${MARKUP}` }), 201);
  const at = `/companies/${company.id}`;
  must(await operate("POST", `${at}/fields`, { key: "site", label: `Label ${MARKUP}`, type: "text" }), 201);
  const client = await newSetting(company.id, {
    name: `Setting ${MARKUP}`,
    groupSettings: { criteria: "field", field: "department", targetGroupName: `${FORMULA} all` },
    fieldMappings: [{ field: "site", path: "title" }],
  });
  const person = {
    userName: `${FORMULA}${MARKUP}`,
    externalId: MARKUP,
    displayName: MARKUP,
    title: MARKUP,
    name: { givenName: FORMULA, familyName: MARKUP },
    emails: [{ value: `@SUM(1)${MARKUP}` }],
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { department: `+${MARKUP}` },
  };
  const user = must(await client.send("POST", "/Users", person), 201);
  must(await client.send("POST", "/Users", person), 409);
  must(await client.send("GET", `/Users?filter=${encodeURIComponent(`userName eq "${FORMULA}"`)}`), 200);
  const { items: groups } = must(await operate("GET", `${at}/target-groups`), 200);
  const group = groups.find(({ name }: { name: string }) => name.startsWith("+"));
  must(
    await operate("PUT", `${at}/target-groups/${group.id}/auto-enrolments`, [
      { kind: "training", id: MARKUP, name: MARKUP },
    ]),
    200,
  );
  const choice = [{ kind: "training", id: MARKUP, name: `${FORMULA} ${MARKUP}` }];
  must(await operate("PUT", `${at}/catalogue`, choice), 200);
  const url = `https://hook.example.com/?${MARKUP}`;
  const hook = must(await operate("POST", `${at}/webhooks`, { url, types: ["token.revoked"] }), 201);
  await waitForLogAndWork(client);
  const { items: log } = must(await operate("GET", `${at}/scim-settings/${client.settingId}/log`), 200);
  const ids: Record<string, string> = {
    companyId: company.id,
    settingId: client.settingId,
    userId: user.id,
    groupId: group.id,
    requestId: log[0].id,
    webhookId: hook.id,
  };
  const key = await env.DB.prepare("SELECT company_key FROM companies WHERE id = ?")
    .bind(company.id)
    .first("company_key");
  const cookie = await signInAdmin(Number(key));
  const pages = consoleApp().routes.filter(({ method, path }) => method === "GET" && path.includes(":companyId"));
  let shown = 0;
  const query = `?kind=training&id=${encodeURIComponent(MARKUP)}`;
  for (const path of new Set(pages.map((page) => page.path))) {
    const more = path.includes("/trainings/") ? query : "";
    const filled = path.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? "x");
    const answer = await getPage(`/console${filled}${more}`, cookie);
    const text = await answer.text();
    expect(answer.status, path).toBeLessThan(500);
    if (answer.headers.get("content-type")?.startsWith("text/csv")) {
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      for (const cell of text.split(/[,\r\n]/)) expect(cell, path).not.toMatch(/^"?[=+@\t-][A-Z<]/);
    } else if (answer.headers.get("content-type") === "application/json") {
      // A download of data as they are, which no browser takes for a page.
      expect(answer.headers.get("x-content-type-options"), path).toBe("nosniff");
      if (path.endsWith("/export")) expect(answer.headers.get("content-disposition")).toMatch(/^attachment;/);
      else expect(text, path).not.toMatch(/<img src=x|<script>alert/);
    } else {
      expect(text, path).not.toMatch(/<img src=x|<script>alert/);
      if (text.includes("&lt;img src=x")) shown += 1;
    }
  }
  expect(shown).toBeGreaterThan(8);
});
