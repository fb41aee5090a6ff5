import { type AppliedPerson, canUndo, listApplied, type Obstacle } from "../../holds/applied-before-hold-store.ts";
import type { HoldRecord } from "../../holds/hold-store.ts";
import { readKey } from "../../platform/list-position.ts";
import type { ConsoleContext } from "../console-env.ts";
import { isFirstPage, type ListPage, PAGE_SIZE, readEdges, toPageBothWays } from "../list-page.ts";
import { perform } from "../perform-for-page.ts";
import { readValues } from "../read-form.ts";
import { atOneMoment } from "../read-page-at-one-moment.ts";
import { Refused } from "../refused.ts";
import { href } from "../routes.ts";
import { searchOf } from "../search-in-share.ts";
import { FormEnd, Hidden } from "../views/form.tsx";
import { type Column, List, TickAll } from "../views/list.tsx";
import { countOf, Moment } from "../views/moments-and-counts.tsx";
import { Breakable, Empty, Pill } from "../views/pills-notices-pager.tsx";
import { readNamed } from "./asked-decision.ts";
import { HoldFrame } from "./decision-pages.tsx";
import { requireHold } from "./hold-page.tsx";
import { findApplied } from "./hold-progress.tsx";

/** What was carried out in the hour before a hold opened, to be undone for all or for those ticked. */
export async function showUndo(c: ConsoleContext) {
  const ticked = readNamed(c.req.query(), c.req.queries("user") ?? []);
  if (ticked !== null) return askUndo(c, await requireHold(c), ticked);
  const at = { companyId: c.var.company.id, holdId: c.req.param("holdId") ?? "" };
  const url = href("undoHold", at);
  const edges = readEdges(c, url, readKey);
  const { hold, rows, applied } = await atOneMoment(c, async () => {
    const found = await requireHold(c);
    const list = await listApplied(c.var.database, found.key, { take: PAGE_SIZE + 1, ...edges });
    return { hold: found, rows: list, applied: await findApplied(c, found) };
  });
  const page = toPageBothWays(url, rows, edges, ({ userKey }) => userKey);
  return c.html(
    <HoldFrame
      c={c}
      hold={hold}
      title="What happened before the brake tripped"
      lead="Carried out in the hour before the hold opened, as nobody could know yet how many would follow."
    >
      <Applied at={at} page={page} isFirst={isFirstPage(page, edges)} open={applied?.open ?? null} />
    </HoldFrame>,
  );
}

interface AppliedProps {
  at: { companyId: string; holdId: string };
  page: ListPage<AppliedPerson>;
  isFirst: boolean;
  /** Of how many it can be undone; null where nobody could count it for now. */
  open: number | null;
}

function Applied({ at, page, isFirst, open }: AppliedProps) {
  const isChoice = page.rows.some(({ obstacle }) => obstacle === null);
  // Where nobody could count, nobody has looked at the other pages.
  const isAll = isFirst && page.next === null;
  const canUndo = page.rows.length > 0 && (open === null ? isChoice || !isAll : open > 0);
  return (
    <div class="stack">
      {!canUndo && page.rows.length > 0 && (
        <section class="card">
          <p>Nothing of this can be undone any more: the last column says of each why.</p>
        </section>
      )}
      {canUndo && (
        <form class="card row between" method="post" action={href("undoHold", at)}>
          <p>{`${open === null ? "All of whom it can be undone go" : countOf(open, "person goes", "people go")} back to where they were; of the others the last column says why not. The hold’s page says how far it is.`}</p>
          <button type="submit">Undo all</button>
        </form>
      )}
      <form class="card flush" method="get" action={href("undoHold", at)}>
        <Hidden values={{ of: "ticked" }} />
        <List
          caption="What was carried out"
          columns={[...(isChoice ? [TICK] : []), ...columnsOf(at.companyId)]}
          page={page}
          isFirst={isFirst}
          link={(more) => href("undoHold", at, more)}
          empty={
            <Empty icon="done" title="Nothing was carried out before it">
              <p>The request that tripped the brake was stopped whole.</p>
            </Empty>
          }
        />
        {isChoice && (
          <div class="pager ticked">
            <span>Those ticked on this page:</span>
            <button type="submit">Undo…</button>
          </div>
        )}
      </form>
    </div>
  );
}

const TICK: Column<AppliedPerson> = {
  head: <TickAll />,
  cell: ({ userId, userName, obstacle }) =>
    userId === null || obstacle !== null ? null : (
      <input type="checkbox" name="user" value={userId} aria-label={`Choose ${userName ?? userId}`} />
    ),
};

function columnsOf(companyId: string): Column<AppliedPerson>[] {
  return [
    {
      head: "Person",
      namesRow: true,
      cell: ({ userId, userName }) =>
        userId === null || userName === null ? (
          <span class="soft">Erased</span>
        ) : (
          <a href={href("person", { companyId, userId })}>
            <Breakable name={userName} />
          </a>
        ),
    },
    { head: "What happened", cell: ({ group }) => (group === null ? "Set inactive" : `Out of ${group.name}`) },
    { head: "When", look: "wide", cell: ({ lostAt }) => <Moment time={lostAt} /> },
    { head: "Undo", cell: describeUndoing },
  ];
}

/** Why something is not undone, as a piece of a sentence after “No: ”. */
const WHY_NOT: Record<Exclude<Obstacle, "undone">, string> = {
  erased: "the person was deleted and erased",
  unmanaged: "no SCIM setting manages the person any more",
  inactive: "the person is inactive now",
  groupGone: "the target group is there no more",
  back: "the person is back already",
  waiting: "something else of the person waits or was kept",
};

function describeUndoing({ obstacle }: AppliedPerson) {
  if (obstacle === "undone") return <Pill tone="good">Undone</Pill>;
  return obstacle === null ? "Can be undone" : `No: ${WHY_NOT[obstacle]}`;
}

function askUndo(c: ConsoleContext, hold: HoldRecord, userIds: readonly string[]) {
  const at = { companyId: c.var.company.id, holdId: hold.id };
  const people = countOf(userIds.length, "person", "people");
  return c.html(
    <HoldFrame
      c={c}
      hold={hold}
      title={`Undo it for ${people}?`}
      lead="They come back to where they were, with their trainings, and stay as people who were kept do."
    >
      <form class="card stack" method="post" action={href("undoHold", at)}>
        <p>{`${people} ${userIds.length === 1 ? "comes" : "come"} back to the target groups that ${userIds.length === 1 ? "was" : "were"} lost in the hour before.`}</p>
        <Hidden values={{ users: userIds.join(",") }} />
        <FormEnd cancel={href("undoHold", at)} label={`Undo for ${people}`} />
      </form>
    </HoldFrame>,
  );
}

/** Has what was carried out before a hold undone. */
export async function undoHold(c: ConsoleContext) {
  const hold = await requireHold(c);
  const userIds = readNamed(await readValues(c));
  if (!(await canUndo(c.var.database, hold.key, userIds, searchOf(c))))
    throw new Refused(
      409,
      "Nothing of this can be undone",
      "Nothing was changed. “What happened before it tripped” says of each person why.",
    );
  await perform(c, {
    kind: "undoHold",
    hold: { id: hold.id, key: hold.key },
    ...(userIds === null ? {} : { userIds }),
  });
  return c.redirect(href("hold", { companyId: c.var.company.id, holdId: hold.id }, { done: "undone" }), 303);
}
