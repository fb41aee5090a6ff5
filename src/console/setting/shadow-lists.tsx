import type { Arrival, ArrivalGroup, Becoming } from "../../previews/preview-go-live.ts";
import type { ListPage } from "../list-page.ts";
import { href } from "../routes.ts";
import { type Column, List, Table } from "../views/list.tsx";
import { formatCount } from "../views/moments-and-counts.tsx";
import { Breakable, Empty, Pill } from "../views/pills-notices-pager.tsx";
import { BECOMING_WORDS, WHY_WORDS } from "./shadow-words.tsx";

interface Ids {
  companyId: string;
  settingId: string;
}

/** Target groups that the page names. */
const SHOWN_GROUPS = 200;

interface ArrivalsProps {
  ids: Ids;
  becomes: Becoming;
  page: ListPage<Arrival>;
  isFirst: boolean;
  /** Whether nobody has ever been sent. */
  isEmpty: boolean;
}

/** People of one of the lists, and what becomes of them. */
export function Arrivals({ ids, becomes, page, isFirst, isEmpty }: ArrivalsProps) {
  const { title, hint } = BECOMING_WORDS[becomes];
  return (
    <>
      <div class="row between">
        <p class="hint">{hint}</p>
        {page.rows.length > 0 && (
          <a class="small" href={href("shadowCsv", ids, { as: becomes })}>
            Export CSV
          </a>
        )}
      </div>
      <div class="card flush">
        <List
          caption={`${title} people`}
          columns={columnsOf(becomes)}
          page={page}
          isFirst={isFirst}
          link={(more) => href("shadow", ids, { as: becomes, ...more })}
          empty={
            <Empty icon="people" title="Nobody">
              <p>{isEmpty ? "The identity provider has sent nobody yet." : "Look at the other lists."}</p>
            </Empty>
          }
        />
      </div>
    </>
  );
}

function columnsOf(becomes: Becoming): Column<Arrival>[] {
  return [
    {
      head: "Person",
      namesRow: true,
      cell: ({ userName, email }) => (
        <>
          <Breakable name={userName} />
          {email !== null && email !== userName && <span class="sub">{email}</span>}
        </>
      ),
    },
    { head: "Name", look: "wide", cell: ({ firstName, lastName }) => [firstName, lastName].filter(Boolean).join(" ") },
    becomes === "skipped"
      ? { head: "Why", cell: ({ why }) => (why === null ? "" : WHY_WORDS[why]) }
      : { head: "Target groups", cell: ({ moves }) => groupNamesOf(moves).join(", ") },
  ];
}

/** The names of the target groups that somebody would join. */
export function groupNamesOf(moves: Arrival["moves"]): string[] {
  return moves.map(({ groupName }) => groupName);
}

/** The target groups that going live would make or feed, those with the most people. */
export function Groups({ ids, groups }: { ids: Ids; groups: readonly ArrivalGroup[] }) {
  const columns: Column<ArrivalGroup>[] = [
    {
      head: "Target group",
      namesRow: true,
      cell: ({ name, isNew }) => (
        <>
          {name}
          <span class="sub slim">{isNew ? "Made" : "Here already"}</span>
        </>
      ),
    },
    {
      head: "State",
      look: "wide",
      cell: ({ isNew }) => (isNew ? <Pill tone="good">Made</Pill> : <Pill>Here already</Pill>),
    },
    { head: "People", look: "number", cell: ({ people }) => formatCount(people) },
  ];
  if (groups.length === 0)
    return (
      <div class="card flush">
        <Empty icon="groups" title="No group">
          <p>No target group would be made or get people.</p>
        </Empty>
      </div>
    );
  return (
    <>
      <div class="row between">
        <p class="hint">
          {groups.length > SHOWN_GROUPS
            ? `The ${SHOWN_GROUPS} with the most people of ${formatCount(groups.length)}.`
            : ""}
        </p>
        <a class="small" href={href("shadowCsv", ids, { as: "groups" })}>
          Export CSV
        </a>
      </div>
      <div class="card flush">
        <Table caption="Target groups" columns={columns} rows={groups.slice(0, SHOWN_GROUPS)} />
      </div>
    </>
  );
}
