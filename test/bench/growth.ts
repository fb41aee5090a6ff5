import { show, table } from "./markdown.ts";
import { billOf, PRICES, plus, times, type Use } from "./prices.ts";

const COMPANIES = [1, 100, 10_000];
/** People of one company, and the share of them who join or leave in a month. A leaver is counted as a joiner. */
const PEOPLE = 500;
const CHURN = 0.02;
/** A training platform that asks a company's change feed once a minute asks so often in a month. */
const POLLS = 60 * 24 * 30;
/** What one D1 database holds (GB). */
const DATABASE = 10;

/** What was counted: the use of one person's joining, what one who has long been there keeps stored, and the use of one look at the change feed. */
interface Counted {
  joiner: Use;
  member: Use;
  poll: Use;
}

/** What a month of 1, 100 and 10,000 companies takes and costs. Gives Markdown. */
export function growth({ joiner, member, poll }: Counted): string {
  const pushed = plus(times(joiner, PEOPLE * CHURN), times(member, PEOPLE));
  const polled = plus(pushed, times(poll, POLLS));
  const row = (name: string, of: (companies: number) => string) => [name, ...COMPANIES.map(of)];
  const kinds = Object.keys(PRICES) as (keyof Use)[]; // its own keys
  return table(
    [`a month of companies of ${show(PEOPLE)} people`, ...COMPANIES.map(show)],
    [
      ...kinds.map((kind) => row(PRICES[kind].unit, (companies) => show(polled[kind] * companies))),
      row("D1 databases needed", (companies) => show(Math.ceil((polled.stored * companies) / DATABASE))),
      row("**dollars**, with each feed read once a minute", (companies) => dollars(times(polled, companies))),
      row("**dollars**, with webhooks instead", (companies) => dollars(times(pushed, companies))),
    ],
  );
}

function dollars(use: Use): string {
  return `**${billOf(use).toFixed(2)}**`;
}
