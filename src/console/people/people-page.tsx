import * as z from "zod";
import { listPeople } from "../../directory/people-list-store.ts";
import { isWalked, PEOPLE_ORDERS, positionOfPerson } from "../../directory/people-order.ts";
import { countUnmanaged, type Unmanaged } from "../../directory/people-totals-store.ts";
import type { PeopleQuery } from "../../directory/people-walk.ts";
import { readPosition } from "../../platform/list-position.ts";
import { together } from "../../platform/read-batch.ts";
import { type SettingRecord, selectSettings } from "../../settings/setting-store.ts";
import { isSilent } from "../../settings/shadow.ts";
import type { ConsoleContext } from "../console-env.ts";
import { isFirstPage, readEdges, readingPlaceOf, toPageBothWays } from "../list-page.ts";
import { href } from "../routes.ts";
import { searchOf } from "../search-in-share.ts";
import { DoneNotice } from "../views/done-notice.tsx";
import { ExportLink } from "../views/export-link.tsx";
import { FilterForm, Select } from "../views/form.tsx";
import { Page } from "../views/layout.tsx";
import { List, SearchField } from "../views/list.tsx";
import { countOf } from "../views/moments-and-counts.tsx";
import { Empty, Notice } from "../views/pills-notices-pager.tsx";
import { peopleColumns } from "./people-columns.tsx";

/** What the URL of the list may ask for. */
export const peopleQuery = z.object({
  q: z.string().trim().max(200).catch(""),
  status: z.enum(["active", "inactive"]).nullable().catch(null),
  setting: z.string().nullable().catch(null),
  sort: z.enum(PEOPLE_ORDERS).catch("name"),
});

/** Reads what the URL of the list asks for. */
export function readPeopleQuery(c: ConsoleContext): PeopleQuery {
  const { q, status, setting, sort } = peopleQuery.parse(c.req.query());
  const isUnmanaged = setting === NO_SETTING;
  return { search: q, status, settingId: setting === "" || isUnmanaged ? null : setting, isUnmanaged, order: sort };
}

function linkValues(query: PeopleQuery): Record<string, string | null> {
  const { search, status, order } = query;
  return { q: search, status, setting: settingValue(query), sort: order === "name" ? null : order };
}

/** What the choice of a setting says of those who have none. */
const NO_SETTING = "none";

function settingValue({ settingId, isUnmanaged }: PeopleQuery): string | null {
  return isUnmanaged ? NO_SETTING : settingId;
}

/** The people of a company: searched, sorted, paged. */
export async function showPeople(c: ConsoleContext) {
  const { company, session } = c.var;
  const query = readPeopleQuery(c);
  const { settings, unmanaged, page, isFirst } = await readPage(c, query);
  const isFiltered = query.search !== "" || query.status !== null || settingValue(query) !== null;
  const isEmpty = page.rows.length === 0 && isFirst && !isFiltered;
  const csv = href("peopleCsv", { companyId: company.id }, linkValues(query));
  return c.html(
    <Page
      title="People"
      company={company}
      session={session}
      section="people"
      lead={describeTotal(settings, unmanaged)}
      aside={!isEmpty && <ExportLink url={csv} isByName={!isWalked(query.order)} />}
      notice={
        <>
          <DoneNotice done={c.req.query("done")} />
          <InShadow companyId={company.id} settings={settings} />
        </>
      }
    >
      {!isEmpty && (
        <Filters
          companyId={company.id}
          query={query}
          settings={settings}
          unmanaged={unmanaged}
          isFiltered={isFiltered}
        />
      )}
      <div class="card flush">
        <List
          caption="People"
          columns={peopleColumns(company.id, hasSources(settings, unmanaged))}
          page={page}
          isFirst={isFirst}
          link={(more) => href("people", { companyId: company.id }, { ...linkValues(query), ...more })}
          order={query.order}
          isCounted
          total={isFiltered ? undefined : totalOf(settings, unmanaged)}
          empty={<NoPeople companyId={company.id} isFiltered={isFiltered} />}
        />
      </div>
    </Page>,
  );
}

/** Reads the page of the list that the query asks for, and what stands above it. */
async function readPage(c: ConsoleContext, query: PeopleQuery) {
  const { company, database } = c.var;
  const url = href("people", { companyId: company.id }, linkValues(query));
  const edges = readEdges(c, url, readPosition);
  const { beside, ...people } = await listPeople(
    database,
    company.key,
    query,
    readingPlaceOf(edges),
    together({
      settings: selectSettings(company.key, { take: 200, after: null }),
      unmanaged: countUnmanaged(company.key),
    }),
    searchOf(c),
  );
  const page = toPageBothWays(url, people, edges, positionOfPerson);
  return { ...beside, page, isFirst: isFirstPage(page, edges) };
}

function totalOf(settings: readonly SettingRecord[], { kept, keptDeletions, beingRemoved }: Unmanaged): number {
  const managed = settings
    .filter((setting) => !isSilent(setting))
    .reduce((sum, { users }) => sum + users.active + users.inactive, 0);
  return managed + kept + keptDeletions + beingRemoved;
}

/** Says of whom the list knows nothing yet. */
function InShadow({ companyId, settings }: { companyId: string; settings: readonly SettingRecord[] }) {
  return (
    <>
      {settings.filter(isSilent).map(({ id, name, users }) => (
        <Notice tone="warn">
          <p>
            <strong>{`“${name}” is in shadow`}</strong>
            {`: ${countOf(users.active + users.inactive, "person of it is", "people of it are")} not listed here. `}
            <a href={href("shadow", { companyId, settingId: id })}>See what going live would do</a>
          </p>
        </Notice>
      ))}
    </>
  );
}

function describeTotal(all: readonly SettingRecord[], { kept, keptDeletions, beingRemoved }: Unmanaged): string {
  const settings = all.filter((setting) => !isSilent(setting));
  const unmanaged = kept + keptDeletions + beingRemoved;
  const managed = totalOf(all, { kept, keptDeletions, beingRemoved }) - unmanaged;
  if (managed + unmanaged === 0) return "Everybody your identity providers have sent.";
  const parts = [
    ...(managed > 0 || unmanaged === 0
      ? [
          `${countOf(managed, "person", "people")} from ${settings.length === 1 ? "one SCIM setting" : `${settings.length} SCIM settings`}`,
        ]
      : []),
    ...(kept > 0 ? [`${countOf(kept, "person", "people")} without a connection: the SCIM setting was deleted`] : []),
    ...(keptDeletions > 0
      ? [
          `${countOf(keptDeletions, "person", "people")} without a connection: deleted at the identity provider, and kept`,
        ]
      : []),
    ...(beingRemoved > 0 ? [`${countOf(beingRemoved, "person", "people")} being removed with a SCIM setting`] : []),
  ];
  return `${parts.join(", ")}.`;
}

/** Whether people may have come from several settings, or have none any more. */
function hasSources(settings: readonly SettingRecord[], { kept, keptDeletions, beingRemoved }: Unmanaged): boolean {
  return settings.length + (kept + keptDeletions + beingRemoved > 0 ? 1 : 0) > 1;
}

interface FilterProps {
  companyId: string;
  query: PeopleQuery;
  settings: readonly SettingRecord[];
  unmanaged: Unmanaged;
  isFiltered: boolean;
}

function Filters({ companyId, query, settings, unmanaged, isFiltered }: FilterProps) {
  const url = href("people", { companyId });
  return (
    <FilterForm url={url} action="Search" isFiltered={isFiltered}>
      <SearchField label="Search" value={query.search} placeholder="Name, user name or e-mail" />
      <Select
        name="status"
        label="Status"
        values={{ status: query.status ?? "" }}
        options={[
          { value: "", label: "Any" },
          { value: "active", label: "Active" },
          { value: "inactive", label: "Inactive" },
        ]}
      />
      {(hasSources(settings, unmanaged) || query.isUnmanaged) && (
        <Select
          name="setting"
          label="SCIM setting"
          values={{ setting: settingValue(query) ?? "" }}
          options={[
            { value: "", label: "All" },
            ...settings.map((setting) => ({
              value: setting.id,
              label: isSilent(setting) ? `${setting.name} (in shadow)` : setting.name,
            })),
            { value: NO_SETTING, label: "Without a connection" },
          ]}
        />
      )}
      <input type="hidden" name="sort" value={query.order} />
    </FilterForm>
  );
}

function NoPeople({ companyId, isFiltered }: { companyId: string; isFiltered: boolean }) {
  if (isFiltered)
    return (
      <Empty icon="people" title="Nobody matches">
        <p>Try fewer letters or another status.</p>
      </Empty>
    );
  return (
    <Empty icon="people" title="No people yet">
      <p>They appear here as soon as an identity provider sends them.</p>
      <a class="button" href={href("settings", { companyId })}>
        To the SCIM settings
      </a>
    </Empty>
  );
}
