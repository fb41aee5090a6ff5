/** A company of the bench as its pages name what is in it. */
export interface Place {
  companyId: string;
  settingId: string;
  /** Somebody, and a target group of everybody, which enrols in the training `basics`. */
  userId: string;
  groupId: string;
}

/** A page of the console that is asked for. */
interface PageOfBench {
  name: string;
  /** Below the company's own. */
  path(place: Place): string;
  /** Where it is not this page but the one that its link of this kind leads to. */
  follow?: "next";
  /** What is sent to it, where it is a form. */
  form?: Record<string, string>;
}

const ITEM = "kind=training&id=basics";

/** Orders of the list of people. */
const ORDERS = ["name", "-name", "full-name", "-department", "email", "-status", "source", "-added"];

const people = (query: string): string => `/people?${query}`;

/** The pages that an admin uses, with each of their filters, orders and searches, their second pages, and what asks before something is done. */
export const PAGES: readonly PageOfBench[] = [
  { name: "home", path: () => "" },
  ...ORDERS.flatMap((order): PageOfBench[] => [
    { name: `people by ${order}`, path: () => people(`sort=${order}`) },
    { name: `people by ${order}, second page`, path: () => people(`sort=${order}`), follow: "next" },
  ]),
  { name: "people: a part of a name, many", path: () => people("q=person") },
  { name: "people: a part of a name, many, latest first", path: () => people("q=person&sort=-added") },
  { name: "people: a part of a name, many, by department", path: () => people("q=ada&sort=department") },
  { name: "people: a part of a name, few", path: () => people("q=person77@") },
  { name: "people: a part of a name, nobody", path: () => people("q=zzzz") },
  { name: "people: nobody, latest first", path: () => people("q=zzzz&sort=-added") },
  { name: "people: two words, nobody", path: () => people("q=ada+zzzz") },
  { name: "people: inactive ones", path: () => people("status=inactive") },
  { name: "people: inactive ones, latest first", path: () => people("status=inactive&sort=-added") },
  { name: "people: of a setting, active", path: ({ settingId }) => people(`setting=${settingId}&status=active`) },
  { name: "people: without a connection", path: () => people("setting=none") },
  { name: "person", path: ({ userId }) => `/people/${userId}` },
  { name: "person: add to a group", path: ({ userId }) => `/people/${userId}/groups` },
  { name: "groups", path: () => "/groups" },
  ...["-members", "source", "-made"].map((order) => ({
    name: `groups by ${order}`,
    path: () => `/groups?sort=${order}`,
  })),
  { name: "groups: a part of a name", path: () => "/groups?q=depart" },
  { name: "group of everybody", path: ({ groupId }) => `/groups/${groupId}` },
  { name: "group of everybody, second page", path: ({ groupId }) => `/groups/${groupId}`, follow: "next" },
  ...["name", "-full-name", "-came"].map((order) => ({
    name: `group of everybody by ${order}`,
    path: ({ groupId }: Place) => `/groups/${groupId}?sort=${order}`,
  })),
  { name: "group of everybody: nobody found", path: ({ groupId }) => `/groups/${groupId}?q=zzzz` },
  {
    name: "group: enrol in something",
    path: ({ groupId }) => `/groups/${groupId}/auto-enrolments`,
    form: { kind: "phishing", id: "parcel", name: "Parcel" },
  },
  { name: "group: stop enrolling", path: ({ groupId }) => `/groups/${groupId}/auto-enrolments/remove?${ITEM}` },
  { name: "group: terms of an item", path: ({ groupId }) => `/groups/${groupId}/auto-enrolments/terms?${ITEM}` },
  { name: "trainings", path: () => "/trainings" },
  { name: "training", path: () => `/trainings/item?${ITEM}` },
  { name: "training, second page", path: () => `/trainings/item?${ITEM}`, follow: "next" },
  { name: "training by name", path: () => `/trainings/item?${ITEM}&sort=name` },
  { name: "training: not enrolled, few", path: () => `/trainings/item?${ITEM}&show=none` },
  { name: "training: not enrolled, few, by name", path: () => `/trainings/item?${ITEM}&show=none&sort=name` },
  { name: "training: withdrawn", path: () => `/trainings/item?${ITEM}&show=withdrawn` },
  { name: "training: nobody found", path: () => `/trainings/item?${ITEM}&q=zzzz` },
  { name: "settings", path: () => "/settings" },
  { name: "setting", path: ({ settingId }) => `/settings/${settingId}` },
  ...["mapping", "grouping", "tokens", "setup", "safeguards", "pause", "rename", "delete"].map((page) => ({
    name: `setting: ${page}`,
    path: ({ settingId }: Place) => `/settings/${settingId}/${page}`,
  })),
  {
    name: "setting: preview of a grouping",
    path: ({ settingId }) => `/settings/${settingId}/grouping/preview?criteria=none&group=All`,
  },
  { name: "log", path: () => "/log" },
  { name: "log: a part of a name, nobody", path: () => "/log?q=zzzz" },
  { name: "log: refused creations", path: () => "/log?status=409&method=POST" },
  { name: "alerts", path: () => "/alerts" },
  { name: "holds", path: () => "/holds" },
  { name: "webhooks", path: () => "/webhooks" },
  { name: "find: a part of a name, many", path: () => "/find?q=person" },
  { name: "find: nobody", path: () => "/find?q=zzzz" },
];
