import { type AppliedPerson, type HoldRecord, listApplied } from "../../holds/hold-store.ts";
import { readKey } from "../../platform/position.ts";
import { atOneMoment } from "../at-one-moment.ts";
import { perform } from "../attempt.ts";
import type { ConsoleContext } from "../console-env.ts";
import { type ListPage, PAGE_SIZE, readCursor, toPage } from "../list-page.ts";
import { readValues } from "../read-form.ts";
import { href } from "../routes.ts";
import { Decision, Hidden } from "../views/form.tsx";
import { type Column, List } from "../views/list.tsx";
import { Breakable, countOf, Empty, Moment, Pill } from "../views/parts.tsx";
import { HoldFrame, readNamed } from "./decision-pages.tsx";
import { requireHold } from "./hold-page.tsx";

/** What was carried out in the hour before a hold opened, to be undone for all or for those ticked. */
export async function showUndo(c: ConsoleContext) {
  const ticked = readNamed(c.req.query(), c.req.queries("user") ?? []);
  if (ticked !== null) return askUndo(c, await requireHold(c), ticked);
  const at = { companyId: c.var.company.id, holdId: c.req.param("holdId") ?? "" };
  const url = href("undoHold", at);
  const after = readCursor(url, c.req.query("after"), readKey);
  const { hold, rows } = await atOneMoment(c, async () => {
    const found = await requireHold(c);
    return { hold: found, rows: await listApplied(c.var.database, found.key, { take: PAGE_SIZE + 1, after }) };
  });
  return c.html(
    <HoldFrame
      c={c}
      hold={hold}
      title="Before it tripped"
      lead="Carried out in the hour before the hold opened, as nobody could know yet how many would follow."
    >
      <Applied
        at={at}
        hold={hold}
        page={toPage(url, rows, PAGE_SIZE, ({ userKey }) => userKey)}
        isFirst={after === null}
      />
    </HoldFrame>,
  );
}

interface AppliedProps {
  at: { companyId: string; holdId: string };
  hold: HoldRecord;
  page: ListPage<AppliedPerson>;
  isFirst: boolean;
}

function Applied({ at, hold, page, isFirst }: AppliedProps) {
  const isOpen = hold.status === "open" && page.rows.length > 0;
  return (
    <div class="stack">
      {isOpen && (
        <form class="card row between" method="post" action={href("undoHold", at)}>
          <p>All of these go back to where they were, but for those who were erased.</p>
          <button type="submit">Undo all</button>
        </form>
      )}
      <form class="card flush" method="get" action={href("undoHold", at)}>
        <Hidden values={{ of: "ticked" }} />
        <List
          caption="What was carried out"
          columns={[...(isOpen ? [TICK] : []), ...columnsOf(at.companyId)]}
          page={page}
          isFirst={isFirst}
          link={(more) => href("undoHold", at, more)}
          empty={
            <Empty icon="done" title="Nothing was carried out before it">
              <p>The request that tripped the brake was stopped whole.</p>
            </Empty>
          }
        />
        {isOpen && (
          <div class="pager">
            <span>Those ticked on this page:</span>
            <button type="submit">Undo…</button>
          </div>
        )}
      </form>
    </div>
  );
}

const TICK: Column<AppliedPerson> = {
  head: <span class="hidden">Choose</span>,
  cell: ({ userId, userName, undoneAt }) =>
    userId === null || undoneAt !== null ? null : (
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
    { head: "Undone", cell: describeUndoing },
  ];
}

function describeUndoing({ userId, undoneAt }: AppliedPerson) {
  if (undoneAt !== null) return <Pill tone="good">Undone</Pill>;
  return userId === null ? "Cannot be" : "–";
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
        <Decision cancel={href("undoHold", at)} label={`Undo for ${people}`} />
      </form>
    </HoldFrame>,
  );
}

/** Has what was carried out before a hold undone. */
export async function undoHold(c: ConsoleContext) {
  const hold = await requireHold(c);
  const userIds = readNamed(await readValues(c));
  await perform(c, { kind: "undoHold", holdId: hold.id, ...(userIds === null ? {} : { userIds }) });
  return c.redirect(href("hold", { companyId: c.var.company.id, holdId: hold.id }, { done: "undone" }), 303);
}
