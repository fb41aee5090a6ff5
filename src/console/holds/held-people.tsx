import type { HeldPerson, HoldRecord } from "../../holds/hold-store.ts";
import type { ListPage } from "../list-page.ts";
import { href } from "../routes.ts";
import { FilterForm, Hidden } from "../views/form.tsx";
import { type Column, List, SearchField } from "../views/list.tsx";
import { Breakable, Empty } from "../views/pills-notices-pager.tsx";
import { describeEffect, HeldPill, isKept } from "./hold-words.tsx";

interface Props {
  at: { companyId: string; holdId: string };
  hold: HoldRecord;
  search: string;
  page: ListPage<HeldPerson>;
  isFirst: boolean;
}

/** The people of a hold, searched and paged; those ticked are taken to the page that decides about them. */
export function HeldPeople({ at, hold, search, page, isFirst }: Props) {
  const isOpen = hold.status === "open";
  return (
    <section aria-labelledby="people-title">
      <h2 id="people-title">People</h2>
      <FilterForm url={href("hold", at)} action="Search" isFiltered={search !== ""}>
        <SearchField label="Search" value={search} placeholder="Name, user name or e-mail" />
      </FilterForm>
      <form class="card flush" method="get" action={href("releaseHold", at)}>
        <Hidden values={{ version: String(hold.version), of: "ticked" }} />
        <List
          caption="People"
          columns={[...(isOpen ? [TICK] : []), ...columnsOf(at)]}
          page={page}
          isFirst={isFirst}
          isCounted
          link={(more) => href("hold", at, { q: search, ...more })}
          empty={
            <Empty icon="people" title={search === "" ? "Nobody waits" : "Nobody matches"}>
              <p>{search === "" ? "Nothing of anybody waits here any more." : "Try fewer letters."}</p>
            </Empty>
          }
        />
        {isOpen && page.rows.length > 0 && (
          <div class="pager">
            <span>Those ticked on this page:</span>
            <span class="row">
              <button class="danger" type="submit">
                Release…
              </button>
              <button type="submit" formaction={href("keepHold", at)}>
                Keep…
              </button>
            </span>
          </div>
        )}
      </form>
    </section>
  );
}

/** Target groups that a row names; the person's own page and the download name all. */
const MOST_NAMED = 2;

const TICK: Column<HeldPerson> = {
  head: <span class="hidden">Choose</span>,
  cell: (person) =>
    isKept(person) ? null : (
      <input type="checkbox" name="user" value={person.userId} aria-label={`Choose ${person.userName}`} />
    ),
};

function columnsOf(at: Props["at"]): Column<HeldPerson>[] {
  return [
    {
      head: "Person",
      namesRow: true,
      cell: (person) => (
        <>
          <a href={href("person", { companyId: at.companyId, userId: person.userId })}>
            <Breakable name={person.userName} />
          </a>
          <span class="sub slim">
            <HeldPill waits={!isKept(person)} />
          </span>
        </>
      ),
    },
    { head: "State", look: "wide", cell: (person) => <HeldPill waits={!isKept(person)} /> },
    {
      head: "What waits",
      cell: (person) => (
        <>
          {describeEffect(person, MOST_NAMED)}
          {person.status?.as === "deleted" && person.status.version !== null && (
            <span class="sub">
              <a
                href={href("eraseHeld", { ...at, userId: person.userId })}
                aria-label={`Erase now: ${person.userName}`}
              >
                Erase now
              </a>
            </span>
          )}
        </>
      ),
    },
    {
      head: "Enrolled in",
      look: "wide",
      cell: ({ enrolments }) => enrolments.map(({ name }) => name).join(", ") || "–",
    },
  ];
}
