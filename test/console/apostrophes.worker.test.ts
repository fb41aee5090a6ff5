import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { ALERT_KINDS } from "../../src/alerts/alert.ts";
import { describeAlert } from "../../src/alerts/alert-words.ts";
import { consoleApp } from "../../src/console/console.tsx";
import { ROUTES } from "../../src/console/routes.ts";
import { explainCode } from "../../src/log/explain-request.ts";
import { guideOf } from "../../src/providers/guides.ts";
import { REFUSALS } from "../../src/scim/refusal-causes.ts";
import { PROVIDERS } from "../../src/settings/setting.ts";
import { inTurn } from "../generated-cases.ts";
import { must, populate } from "../safety/populated-company.ts";
import { operate } from "../scim-api/scim-client.ts";
import { getPage, signInAdmin, signInOperator } from "./sign-in-to.ts";

/** An apostrophe of a typewriter between letters, or after those of a plural. */
const STRAIGHT = /\p{L}'\p{L}|s' \p{L}/u;

/** What a page says: without its scripts, styles, samples of code and tags. */
function wordsOf(html: string): string {
  return html
    .replace(/<(script|style|code|pre|textarea)\b.*?<\/\1>/gs, " ")
    .replace(/<[^>]+>/g, " ")
    .replace(/&#39;|&apos;/g, "'");
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

const around = (text: string) => new RegExp(`.{0,40}(?:${STRAIGHT.source}).{0,40}`, "u").exec(text)?.[0];

it("no page of the console has an apostrophe of a typewriter", async () => {
  const { client: _, marks: __, ...ids } = await populate("words");
  const at = `/companies/${ids.companyId}`;
  must(await operate("DELETE", `${at}/scim-settings/${ids.settingId}/tokens/${ids.tokenId}`), 204);
  const key = await env.DB.prepare("SELECT company_key AS k FROM companies WHERE id = ?")
    .bind(ids.companyId)
    .first("k");
  const cookies = [await signInAdmin(Number(key)), await signInOperator()];
  const asked = consoleApp().routes.filter(({ method }) => method === "GET");
  const given: Record<string, string> = { ...ids, groupId: ids.targetGroupId, deliveryId: "x", sessionId: "x" };
  const kinds = "?kind=training&id=item-words";
  const more: Record<string, string[]> = {
    newSetting: ["?step=2&name=x&provider=entra", "?step=3&name=x&provider=okta", "?step=4&name=x&criteria=idp"],
    training: [kinds, `${kinds}&show=withdrawn`, `${kinds}&show=none`],
    removeAutoEnrolment: [`${kinds}&figures=now`],
    itemTerms: [kinds],
    releaseHold: ["?version=1"],
    holds: ["?status=closed"],
    find: ["?q=words"],
  };
  const found: string[] = [];
  for (const [name, path] of inTurn(Object.entries(ROUTES), 0)) {
    if (!asked.some((route) => route.path === path) || /\.csv|assets|export|enter|confirm/.test(path)) continue;
    const filled = `/console${path === "/" ? "" : path}`.replace(/:(\w+)/g, (_, id: string) => given[id] ?? "x");
    for (const query of ["", ...(more[name] ?? [])])
      for (const cookie of cookies) {
        const html = await (await getPage(filled + query, cookie)).text();
        const words = around(wordsOf(html));
        if (words !== undefined) found.push(`${name}${query}: ${words}`);
      }
  }
  expect(found).toEqual([]);
});

describe("no apostrophe of a typewriter", () => {
  it.each(PROVIDERS)("is in the guide of %s, but for its code", (provider) => {
    const { steps, ...guide } = guideOf(provider);
    const texts = textsIn([guide, steps.map(({ template, ...step }) => step)]).map((text) =>
      text.replace(/`[^`]*`/g, ""),
    );
    expect(texts.filter((text) => STRAIGHT.test(text))).toEqual([]);
  });

  it("is in the words of an alert, or of a refusal", () => {
    const alerts = ALERT_KINDS.map((kind) =>
      describeAlert({ kind, count: 2, facts: {}, subject: "x", settingName: null }),
    );
    const refusals = Object.keys(REFUSALS).map(explainCode);
    expect(textsIn([alerts, refusals]).filter((text) => STRAIGHT.test(text))).toEqual([]);
  });
});
