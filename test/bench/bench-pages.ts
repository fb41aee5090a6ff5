import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchArguments } from "./arguments.ts";
import { show, table } from "./markdown.ts";
import { PAGES, type Place } from "./pages.ts";
import { seedPeople } from "./seed.ts";
import { createSetting, GROUPINGS } from "./setting.ts";
import { type Runtime, startRuntime } from "./start-runtime.ts";
import { median } from "./statistics.ts";

/** People of another setting, who are in no target group. */
const OTHERS = 3;

/** How often each page is asked for. */
const TIMES = 6;

/** Measures the console's pages of a company of many people beside the same pages of one of a single person; gives Markdown. */
export async function benchPages({ members }: BenchArguments): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
  const persist = join(folder, "state");
  // Each page is asked for more often in a row than a company's share lets it.
  const runtime = await startRuntime({ persist, workers: ["rollcall", "tools"], withoutShares: true });
  try {
    const session = await signIn(runtime);
    const [small, large] = [await fill(runtime, 1), await fill(runtime, members)];
    const rows: string[][] = [];
    for (const { name, path, follow, form } of PAGES) {
      const urls = [small, large].map((place) => `/console/companies/${place.companyId}${path(place)}`);
      const times: number[][] = [[], []];
      for (let time = 0; time < TIMES; time += 1)
        for (const [index, url] of urls.entries()) {
          const from = follow === undefined ? url : await linkIn(session, url, follow);
          if (from !== null) times[index]?.push(await session(from, form));
        }
      const [few = [], many = []] = times;
      const [best, ofFew] = [Math.min(...many), Math.min(...few)];
      const ratio = few.length === 0 ? "" : show(best / ofFew);
      rows.push([name, ...(few.length === 0 ? ["", ""] : [show(ofFew), show(median(few))])]);
      rows.at(-1)?.push(show(best), show(median(many)), ratio);
      console.error(rows.at(-1)?.join(" · "));
    }
    const head = ["page", "1 person: best ms", "median", `${show(members)}: best ms`, "median", "best to best"];
    return table(head, rows);
  } finally {
    await runtime.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Session = Awaited<ReturnType<typeof signIn>>;

/** Signs in as the operator; gives what asks for a page, or sends a form, and tells how long its whole answer took (ms). */
async function signIn({ urls, operatorKey }: Runtime) {
  const send = (path: string, headers: Record<string, string>, form?: Record<string, string>) =>
    fetch(`${urls.rollcall}${path}`, {
      redirect: "manual",
      headers: { ...headers, origin: urls.rollcall },
      ...(form === undefined ? {} : { method: "POST", body: new URLSearchParams(form) }),
    });
  const signed = await send("/console/sign-in", {}, { key: operatorKey });
  const cookie = (signed.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const ask = async (path: string, form?: Record<string, string>): Promise<number> => {
    const started = performance.now();
    const answer = await send(path, { cookie }, form);
    await answer.arrayBuffer();
    if (answer.status >= 400) throw new Error(`${path} answered ${answer.status}`);
    return performance.now() - started;
  };
  return Object.assign(ask, { read: async (path: string) => (await send(path, { cookie })).text() });
}

/** Where a page leads by a link of this kind, or null. */
async function linkIn(session: Session, url: string, follow: string): Promise<string | null> {
  const found = new RegExp(`href="([^"]+)"[^>]* rel="${follow}"`).exec(await session.read(url))?.[1];
  return found?.replaceAll("&amp;", "&") ?? null;
}

/** A company of so many people, all in one target group that enrols them in a training, but for a few. */
async function fill({ urls, operatorKey }: Runtime, people: number): Promise<Place> {
  const setting = await createSetting(urls.rollcall, operatorKey, "field");
  const call = async (path: string, method = "GET", body?: unknown) => {
    const answer = await fetch(`${urls.rollcall}/api/v1/companies/${setting.companyId}${path}`, {
      method,
      headers: { authorization: `Bearer ${operatorKey}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    return answer.json();
  };
  const [userId = ""] = await seedPeople(urls.tools, setting, people);
  const groups = (await call("/target-groups?limit=200")) as { items: { id: string; name: string }[] };
  const groupId = groups.items.find(({ name }) => name === "Everyone")?.id ?? "";
  const items = [{ kind: "training", id: "basics", name: "Basics" }];
  await call(`/target-groups/${groupId}/auto-enrolments`, "PUT", items);
  for (let enrolled = -1; enrolled < people; ) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const report = (await call("/reports/enrolments?groupBy=item,status")) as { items: { enrolments: number }[] };
    enrolled = report.items.reduce((sum, { enrolments }) => sum + enrolments, 0);
  }
  const asked = { name: "Others", provider: "okta", groupSettings: GROUPINGS.idp };
  const others = (await call("/scim-settings", "POST", asked)) as { id: string };
  await seedPeople(urls.tools, { ...setting, settingId: others.id }, OTHERS, people);
  return { ...setting, userId, groupId };
}
