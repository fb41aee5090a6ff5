import type { HoldRecord } from "../../holds/hold-store.ts";
import type { LosingPerson } from "../../previews/preview-release.ts";
import type { ListPage } from "../list-page.ts";
import { nameOf } from "../people/name-of-person.tsx";
import { href } from "../routes.ts";
import { FilterForm, Hidden } from "../views/form.tsx";
import { type Column, List, SearchField, TickAll } from "../views/list.tsx";
import { countOf } from "../views/moments-and-counts.tsx";
import { Breakable, Empty } from "../views/pills-notices-pager.tsx";
import { describeEffect, HeldPill, isPersonKept } from "./hold-words.tsx";

interface Props {
  at: { companyId: string; holdId: string };
  hold: HoldRecord;
  search: string;
  page: ListPage<LosingPerson>;
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
              <p>{search === "" ? describeGone(hold) : "Try fewer letters."}</p>
            </Empty>
          }
        />
        {isOpen && page.rows.length > 0 && (
          <div class="pager ticked">
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

/** What became of those who waited: a release leaves nobody in the list. */
function describeGone({ released }: HoldRecord): string {
  if (released === 0) return "Nothing of anybody waits here any more.";
  return `${countOf(released, "person was", "people were")} released: what was carried out is told by the history on each one’s page.`;
}

/** Target groups that a row names; the person's own page and the download name all. */
const MOST_NAMED = 2;

const TICK: Column<LosingPerson> = {
  head: <TickAll />,
  cell: (person) =>
    isPersonKept(person) ? null : (
      <input type="checkbox" name="user" value={person.userId} aria-label={`Choose ${person.userName}`} />
    ),
};

function columnsOf(at: Props["at"]): Column<LosingPerson>[] {
  return [
    {
      head: "Person",
      namesRow: true,
      cell: (person) => (
        <>
          <a href={href("person", { companyId: at.companyId, userId: person.userId })}>
            <Breakable name={person.userName} />
          </a>
          {nameOf(person) !== "" && <span class="sub">{nameOf(person)}</span>}
          <span class="sub slim">
            <HeldPill waits={!isPersonKept(person)} />
          </span>
        </>
      ),
    },
    { head: "State", look: "wide", cell: (person) => <HeldPill waits={!isPersonKept(person)} /> },
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
      head: "Withdrawn from",
      look: "wide",
      cell: ({ losing }) => losing.map(({ name }) => name).join(", ") || "–",
    },
  ];
}
