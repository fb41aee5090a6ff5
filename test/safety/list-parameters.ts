import { groupQuery } from "../../src/console/groups/groups-page.tsx";
import { logQuery } from "../../src/console/log/log-query.ts";
import { peopleQuery } from "../../src/console/people/people-page.tsx";

import { trainingQuery } from "../../src/console/trainings/trainings-page.tsx";

/** A value for every parameter of the lists of the management API, and whether no index answers it. */
export const PARAMETERS: Record<string, Record<string, { values: string[]; isSearch: boolean }>> = {
  "target-users": {
    filter: { values: ['title co "a"', 'emails.type eq "work"'], isSearch: true },
    managed: { values: ["true", "false"], isSearch: false },
  },
  log: {
    outcome: { values: ["success"], isSearch: true },
    // Those that were refused with one status have an index.
    status: { values: ["204"], isSearch: true },
    method: { values: ["DELETE"], isSearch: true },
    user: { values: ["ada"], isSearch: true },
    from: { values: ["2026-01-01T00:00:00Z"], isSearch: false },
    to: { values: ["2026-01-01T00:00:00Z"], isSearch: false },
    resourceId: { values: ["0192f0aa-0000-7000-8000-000000000000"], isSearch: false },
  },
  enrolments: {
    userId: { values: ["{userId}"], isSearch: false },
    groupId: { values: ["{groupId}"], isSearch: false },
    itemId: { values: ["x"], isSearch: false },
    kind: { values: ["training"], isSearch: false },
    status: { values: ["active"], isSearch: false },
    // Of the report: a company of many enrolments alone needs its share.
    groupBy: { values: ["item", "status"], isSearch: false },
    from: { values: ["2026-01-01T00:00:00Z"], isSearch: false },
    to: { values: ["2036-01-01T00:00:00Z"], isSearch: false },
  },
  people: {
    by: { values: ["day"], isSearch: false },
    from: { values: [], isSearch: false },
    to: { values: ["2026-06-01T00:00:00Z"], isSearch: false },
  },
  changes: {
    after: { values: [], isSearch: false },
    types: { values: ["user.created"], isSearch: false },
    wait: { values: ["0"], isSearch: false },
  },
  deliveries: { status: { values: ["failed"], isSearch: false } },
  // A company has few holds, and one has its people by an index.
  holds: { status: { values: ["open", "closed"], isSearch: false } },
  // The newest of a company's few, by their ids.
  alerts: { status: { values: ["open", "dismissed", "closed"], isSearch: false } },
  effects: { search: { values: ["ada"], isSearch: true } },
  applied: {},
};
/** What pages of any list are asked for by. */
export const PAGING = ["limit", "cursor"];

/** The same of the lists of the console. */
export const CONSOLE: {
  path: string;
  keys: string[];
  parameters: Record<string, { value: string; isSearch: boolean }>;
}[] = [
  {
    path: "people",
    keys: Object.keys(peopleQuery.shape),
    parameters: {
      q: { value: "ada", isSearch: true },
      status: { value: "inactive", isSearch: true },
      setting: { value: "none", isSearch: false },
      sort: { value: "department", isSearch: true },
    },
  },
  {
    path: "groups",
    keys: Object.keys(groupQuery.shape),
    parameters: {
      q: { value: "a", isSearch: true },
      source: { value: "manual", isSearch: true },
      sort: { value: "members", isSearch: true },
    },
  },
  {
    // A company has hundreds of them at most, which are read whole.
    path: "trainings",
    keys: Object.keys(trainingQuery.shape),
    parameters: {
      q: { value: "a", isSearch: false },
      kind: { value: "phishing", isSearch: false },
      sort: { value: "-name", isSearch: false },
      page: { value: "2", isSearch: false },
    },
  },
  {
    path: "log",
    keys: Object.keys(logQuery.shape),
    parameters: {
      q: { value: "ada", isSearch: true },
      in: { value: "requests", isSearch: false },
      outcome: { value: "success", isSearch: true },
      // Those that were refused with one status have an index.
      status: { value: "204", isSearch: true },
      method: { value: "DELETE", isSearch: true },
      credential: { value: "x", isSearch: true },
      sort: { value: "time", isSearch: false },
      kind: { value: "users", isSearch: true },
      setting: { value: "x", isSearch: false },
      resource: { value: "x", isSearch: false },
      within: { value: "24h", isSearch: false },
      from: { value: "2026-01-01T00:00", isSearch: false },
      to: { value: "2026-01-01T00:00", isSearch: false },
    },
  },
];
