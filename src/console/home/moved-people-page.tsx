import type { Change } from "../../changes/change.ts";
import { listMoved } from "../../changes/moved-people-store.ts";
import { DAYS_KEPT } from "../../companies/people-days.ts";
import { selectUserNames } from "../../directory/user-names-store.ts";
import { DAY } from "../../platform/clock.ts";
import { readKey } from "../../platform/list-position.ts";
import { runRead } from "../../platform/read-batch.ts";
import type { ConsoleContext } from "../console-env.ts";
import { PAGE_SIZE, readCursor, toPage } from "../list-page.ts";
import { describeActor } from "../people/describe-change.ts";
import { atOneMoment } from "../read-page-at-one-moment.ts";
import { href } from "../routes.ts";
import { searchOf } from "../search-in-share.ts";
import { Page } from "../views/layout.tsx";
import { type Column, List } from "../views/list.tsx";
import { formatDay, Moment } from "../views/moments-and-counts.tsx";
import { Breakable, Empty, Pill } from "../views/pills-notices-pager.tsx";

/** A day (days since 1970, UTC) as the URL of its page has it. */
export function dayInUrl(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/** The day that a query asks for, of those that the first page shows; today where it asks for none. */
function readDay(text: string | undefined, now: number): number {
  const today = Math.floor(now / DAY);
  const asked = Date.parse(`${text}T00:00:00Z`) / DAY;
  return asked <= today && asked > today - DAYS_KEPT ? Math.floor(asked) : today;
}

/** Who joined and who left on a day. */
export async function showMovement(c: ConsoleContext) {
  const { company, database, session } = c.var;
  const day = readDay(c.req.query("day"), Date.now());
  const at = { companyId: company.id };
  const url = href("movement", at, { day: dayInUrl(day) });
  const after = readCursor(url, c.req.query("after"), readKey);
  const { page, names } = await atOneMoment(c, async () => {
    const moved = await listMoved(database, company.key, { day, take: PAGE_SIZE + 1, after }, searchOf(c));
    const shown = toPage(url, moved, PAGE_SIZE, ({ seq }) => seq);
    const ids = shown.rows.map(({ subject }) => subject.id);
    return { page: shown, names: await runRead(database, selectUserNames(company.key, ids)) };
  });
  return c.html(
    <Page
      title={`Joined and left on ${formatDay(day * DAY)}`}
      company={company}
      session={session}
      section="company"
      crumbs={[{ label: "Home", url: href("company", at) }]}
      lead="The day is that of UTC. Whoever came and went several times stands here as often."
    >
      <div class="card flush">
        <List
          caption="Who joined and left"
          columns={columnsOf(company.id, names)}
          page={page}
          isFirst={after === null}
          isCounted
          link={(more) => href("movement", at, { day: dayInUrl(day), ...more })}
          empty={
            <Empty icon="people" title="Nobody">
              <p>Nobody joined and nobody left on this day, or the history of it is kept no more.</p>
            </Empty>
          }
        />
      </div>
    </Page>,
  );
}

const WORDS: Record<string, { tone?: "good" | "warn"; word: string }> = {
  "user.created": { tone: "good", word: "Joined" },
  "user.reactivated": { tone: "good", word: "Active again" },
  "user.deactivated": { tone: "warn", word: "Inactive" },
  "user.deleted": { tone: "warn", word: "Removed" },
};

function columnsOf(companyId: string, names: ReadonlyMap<string, string>): Column<Change>[] {
  return [
    {
      head: "Person",
      namesRow: true,
      cell: ({ subject: { id } }) => {
        const name = names.get(id);
        if (name === undefined) return <span class="soft">Somebody who was removed</span>;
        return (
          <a href={href("person", { companyId, userId: id })}>
            <Breakable name={name} />
          </a>
        );
      },
    },
    {
      head: "What happened",
      cell: ({ type }) => <Pill tone={WORDS[type]?.tone}>{WORDS[type]?.word ?? type}</Pill>,
    },
    { head: "By", look: "wide", cell: ({ cause }) => describeActor(cause) },
    { head: "When", look: "number", cell: ({ time }) => <Moment time={time} /> },
  ];
}
