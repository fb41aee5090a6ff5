import * as z from "zod";
import type { ConsoleContext } from "../console-env.ts";
import { atOneMoment } from "../read-page-at-one-moment.ts";
import { href } from "../routes.ts";
import { searchOf } from "../search-in-share.ts";
import { FilterForm } from "../views/form.tsx";
import { Page } from "../views/layout.tsx";
import { SearchField, Table } from "../views/list.tsx";
import { Breakable, Empty, Notice } from "../views/pills-notices-pager.tsx";
import { type Findings, type Hit, MOST_FOUND, readFindings } from "./read-search-results.ts";
import { ShortcutsCard } from "./shortcuts-card.tsx";

/** What the URL of the page may ask for. */
const findQuery = z.object({ q: z.string().trim().max(200).catch("") });

/** One search over people, target groups, settings, trainings and requests. */
export async function showFindings(c: ConsoleContext) {
  const { company, database, session } = c.var;
  const { q } = findQuery.parse(c.req.query());
  const where = { database, company, readInShare: searchOf(c) };
  const found = q === "" ? null : await atOneMoment(c, () => readFindings(where, q));
  const url = href("find", { companyId: company.id });
  return c.html(
    <Page
      title="Find"
      company={company}
      session={session}
      lead="Anything by a part of its name or by its id; requests by their id."
    >
      <FilterForm url={url} action="Find" isFiltered={q !== ""}>
        <SearchField label="Search" value={q} placeholder="A name, an e-mail address or an id" />
      </FilterForm>
      <div class="stack">
        {found !== null && <Found companyId={company.id} q={q} {...found} />}
        <ShortcutsCard />
      </div>
    </Page>,
  );
}

interface FoundProps {
  companyId: string;
  q: string;
  findings: Findings;
  /** Why not everything was looked through. */
  cut: string | null;
}

const TITLES: Record<keyof Findings, string> = {
  people: "People",
  groups: "Target groups",
  settings: "SCIM settings",
  trainings: "Trainings",
  requests: "Requests",
};

function Found({ companyId, q, findings, cut }: FoundProps) {
  const kinds = (Object.keys(TITLES) as (keyof Findings)[]).filter((kind) => findings[kind].length > 0); // its own keys
  return (
    <>
      {cut !== null && (
        <Notice tone="warn">
          <p>{`Of people and target groups only exact names were looked up. ${cut}`}</p>
        </Notice>
      )}
      {kinds.length === 0 ? (
        <div class="card flush">
          <Empty icon="find" title="Nothing was found">
            <p>Try fewer letters, or the whole id.</p>
          </Empty>
        </div>
      ) : (
        <div class="stack">
          {kinds.map((kind) => (
            <Hits kind={kind} hits={findings[kind]} all={allOf(companyId, kind, q)} />
          ))}
        </div>
      )}
    </>
  );
}

/** The whole list of a kind that the text is searched in; null where there is none. */
function allOf(companyId: string, kind: keyof Findings, q: string): string | null {
  return kind === "people" || kind === "groups" || kind === "trainings" ? href(kind, { companyId }, { q }) : null;
}

function Hits({ kind, hits, all }: { kind: keyof Findings; hits: readonly Hit[]; all: string | null }) {
  return (
    <section class="card flush" aria-labelledby={`found-${kind}`}>
      <div class="row between">
        <h2 id={`found-${kind}`}>{TITLES[kind]}</h2>
        {all !== null && hits.length >= MOST_FOUND && (
          <a class="small" href={all} aria-label={`All that match: ${TITLES[kind]}`}>
            All that match
          </a>
        )}
      </div>
      <Table
        caption={`Found: ${TITLES[kind]}`}
        columns={[
          {
            head: "Name",
            namesRow: true,
            cell: ({ url, title }) => (
              <a href={url}>
                <Breakable name={title} />
              </a>
            ),
          },
          { head: "More", look: "kind", cell: ({ more }) => more },
        ]}
        rows={hits}
      />
    </section>
  );
}
