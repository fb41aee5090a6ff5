import type { Child } from "hono/jsx";
import type { ListPage } from "../list-page.ts";
import type { LinkQuery } from "../routes.ts";
import { Input } from "./form.tsx";
import { formatCount } from "./moments-and-counts.tsx";
import { Pager } from "./pills-notices-pager.tsx";
import { SortHead } from "./sort-head.tsx";

/** A column of a table: its head, and the cell it has in each row. */
export interface Column<Row> {
  head: Child;
  /** The class of its head and cells: `number`, or `wide` for what a narrow screen leaves out. */
  look?: string;
  /** Whether its cell names the row. */
  namesRow?: boolean;
  /** The orders that a first and a second click on its head ask for; only in a list that has a `sorting`. */
  sort?: { up: string; down: string };
  cell(row: Row): Child;
}

interface TableProps<Row> {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  /** The order of the rows, and where the heads lead that change it. */
  sorting?: { order: string; link: (more: LinkQuery) => string };
}

/** Rows under the heads of their columns. */
export function Table<Row>({ caption, columns, rows, sorting }: TableProps<Row>) {
  return (
    <table>
      <caption>{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ head, look, sort }) =>
            sort === undefined || sorting === undefined ? (
              <th scope="col" class={look}>
                {head}
              </th>
            ) : (
              <SortHead label={head} class={look} {...sort} {...sorting} />
            ),
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr>
            {columns.map(({ look, namesRow, cell }) =>
              namesRow ? (
                <th scope="row" class={look}>
                  {cell(row)}
                </th>
              ) : (
                <td class={look}>{cell(row)}</td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface ListProps<Row> extends Omit<TableProps<Row>, "rows" | "sorting"> {
  page: ListPage<Row>;
  isFirst: boolean;
  /** Where this list is, with something else in its query. */
  link: (more: LinkQuery) => string;
  /** The order of a list that can be sorted. */
  order?: string;
  /** What it shows when it has no row. */
  empty: Child;
  /** Whether it says how many are shown where they are all on one page, too. */
  isCounted?: boolean;
  /** How many rows the whole list has, where that is known. */
  total?: number;
}

/** One page of a list: its rows and the way to its other pages, or what it shows when there is none. */
export function List<Row>(props: ListProps<Row>) {
  const { page, isFirst, link, order, empty, isCounted = false, total, ...table } = props;
  if (page.rows.length === 0) return <>{empty}</>;
  const isOnly = isFirst && page.next === null;
  return (
    <>
      <Table {...table} rows={page.rows} sorting={order === undefined ? undefined : { order, link }} />
      {(isCounted || !isOnly) && (
        <Pager
          shown={total === undefined ? `${page.rows.length} shown` : `${page.rows.length} of ${formatCount(total)}`}
          first={isFirst ? null : link({})}
          previous={page.previous ? link({ before: page.previous }) : null}
          next={page.next === null ? null : link({ after: page.next })}
        />
      )}
    </>
  );
}

/** The head of a column of boxes named `user`: it ticks all of the page, where script runs. */
export function TickAll() {
  return (
    <>
      <span class="hidden">Choose</span>
      <input type="checkbox" data-tick-all="user" aria-label="Choose all on this page" hidden />
    </>
  );
}

/** The field by which a list is searched, `q` in its URL. */
export function SearchField({ label, value, placeholder }: { label: string; value: string; placeholder: string }) {
  return (
    <Input
      grow
      name="q"
      label={label}
      type="search"
      values={{ q: value }}
      errors={{}}
      placeholder={placeholder}
      maxlength={200}
    />
  );
}
