import { type HoldRecord, listHolds } from "../../holds/hold-store.ts";
import { readKey } from "../../platform/list-position.ts";
import type { ConsoleContext } from "../console-env.ts";
import { isFirstPage, PAGE_SIZE, readEdges, toPageBothWays } from "../list-page.ts";
import { href } from "../routes.ts";
import { Page } from "../views/layout.tsx";
import { type Column, List } from "../views/list.tsx";
import { countOf, formatCount, Moment } from "../views/moments-and-counts.tsx";
import { Empty } from "../views/pills-notices-pager.tsx";
import { Tabs } from "../views/tabs.tsx";
import { HOLD_WORDS } from "./hold-words.tsx";

const TABS = [
  { status: "open", label: "Open" },
  { status: "closed", label: "Closed" },
] as const;

/** What the brake holds, and what it held. */
export async function showHolds(c: ConsoleContext) {
  const { company, database, session } = c.var;
  const companyId = company.id;
  const status = c.req.query("status") === "closed" ? "closed" : "open";
  const filter = { status: status === "closed" ? status : null };
  const url = href("holds", { companyId }, filter);
  const edges = readEdges(c, url, readKey);
  const rows = await listHolds(database, company.key, { status, take: PAGE_SIZE + 1, ...edges });
  const page = toPageBothWays(url, rows, edges, ({ key }) => key);
  return c.html(
    <Page
      title="Holds"
      company={company}
      session={session}
      section="holds"
      lead="What would take many people out of their target groups at once waits here until you decide."
      aside={<Lists companyId={companyId} status={status} />}
    >
      <div class="card flush">
        <List
          caption={status === "open" ? "Open holds" : "Closed holds"}
          columns={columnsOf(companyId)}
          page={page}
          isFirst={isFirstPage(page, edges)}
          isCounted
          link={(more) => href("holds", { companyId }, { ...filter, ...more })}
          empty={<NoHolds status={status} />}
        />
      </div>
    </Page>,
  );
}

function Lists({ companyId, status }: { companyId: string; status: HoldRecord["status"] }) {
  const tabs = TABS.map((tab) => ({
    href: href("holds", { companyId }, { status: tab.status === "open" ? null : tab.status }),
    label: tab.label,
    isShown: tab.status === status,
  }));
  return <Tabs label="Which holds" tabs={tabs} />;
}

function NoHolds({ status }: { status: HoldRecord["status"] }) {
  if (status === "closed")
    return (
      <Empty icon="done" title="No hold was closed yet">
        <p>Holds come here when nothing waits in them any more.</p>
      </Empty>
    );
  return (
    <Empty icon="done" title="Nothing waits">
      <p>
        A brake of each SCIM setting stops what takes many people at once: a wrong click at the identity provider does
        not withdraw anybody’s training. Its limits are on the setting’s page.
      </p>
    </Empty>
  );
}

function columnsOf(companyId: string): Column<HoldRecord>[] {
  return [
    {
      head: "What",
      namesRow: true,
      cell: ({ id, kind, settingName }) => (
        <>
          <a href={href("hold", { companyId, holdId: id })}>{HOLD_WORDS[kind].title}</a>
          <span class="sub">{settingName}</span>
        </>
      ),
    },
    { head: "Waiting", look: "number", cell: ({ people }) => formatCount(people) },
    { head: "So far", look: "wide", cell: describeOutcome },
    { head: "Opened", cell: ({ openedAt }) => <Moment time={openedAt} /> },
    { head: "Closed", look: "wide", cell: ({ closedAt }) => <Moment time={closedAt} /> },
  ];
}

function describeOutcome({ released, kept, dissolved }: HoldRecord): string {
  const parts = [
    ...(released > 0 ? [`${formatCount(released)} released`] : []),
    ...(kept > 0 ? [`${formatCount(kept)} kept`] : []),
    ...(dissolved > 0 ? [`${countOf(dissolved, "person", "people")} came back`] : []),
  ];
  return parts.length === 0 ? "–" : parts.join(", ");
}
