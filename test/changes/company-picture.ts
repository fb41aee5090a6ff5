import { foldKey } from "../../src/directory/fold-key.ts";
import { judgeChange } from "../management-api/assert-documented.ts";
import { type FeedEntry, type FeedFold, type FoldedEnrolment, type FoldedItem, isCompleted } from "./feed-fold.ts";

/** Reads an address of the management API below a company's own: the body of a 200. */
// biome-ignore lint/suspicious/noExplicitAny: bodies are read freely; a wrong shape fails the comparison.
export type Read = (path: string) => Promise<any>;

/** A target user as it is compared; fields without a value are left out. */
interface PicturedUser {
  id: string;
  status: unknown;
  fields: Record<string, unknown>;
  [fact: string]: unknown;
}

/** A target group as it is compared. */
interface PicturedGroup {
  id: string;
  name: unknown;
  source: unknown;
  createdAt: unknown;
  members: string[];
  items: FoldedItem[];
}

/** The present state of a company, by the API or by its feed. */
interface Picture {
  users: PicturedUser[];
  groups: PicturedGroup[];
  enrolments: FoldedEnrolment[];
  /** Of the past. */
  withdrawn: FoldedEnrolment[];
}

/** Has a fold follow the feed from where it is to the newest entry. */
export async function follow(read: Read, fold: FeedFold): Promise<void> {
  for (;;) {
    const { items } = await read(`/changes?limit=200${fold.cursor === null ? "" : `&after=${fold.cursor}`}`);
    for (const entry of items as FeedEntry[]) {
      fold.apply(entry);
      fold.misfits.push(...judgeChange(entry).map((fault) => `${entry.type}${fault}`));
    }
    if (items.length === 0) return;
  }
}

async function readAll(read: Read, path: string): Promise<Awaited<ReturnType<Read>>[]> {
  const all = [];
  for (let cursor: string | null = null; ; ) {
    const query = `${path.includes("?") ? "&" : "?"}limit=200${cursor === null ? "" : `&cursor=${cursor}`}`;
    const page = await read(`${path}${query}`);
    all.push(...page.items);
    cursor = page.nextCursor;
    if (cursor === null) return all;
  }
}

/** What the API lists. */
export async function readPicture(read: Read): Promise<Picture> {
  const users = (await readAll(read, "/target-users")).map((user) => ({
    id: user.id,
    userName: user.userName,
    externalId: user.externalId,
    displayName: user.displayName,
    settingId: user.settingId,
    personId: user.personId,
    status: user.status,
    createdAt: user.createdAt,
    fields: Object.fromEntries(Object.entries(user.fields).filter(([, value]) => value !== null)),
  }));
  const groups: PicturedGroup[] = [];
  for (const { id, name, source, createdAt, memberCount } of await readAll(read, "/target-groups")) {
    const members = (await readAll(read, `/target-groups/${id}/members`)).map(({ userId }) => userId);
    const { items } = await read(`/target-groups/${id}/auto-enrolments`);
    if (memberCount !== members.length) throw new Error(`${name} counts ${memberCount} and has ${members.length}`);
    groups.push({ id, name, source, createdAt, members, items });
  }
  const enrolments = await readAll(read, "/enrolments");
  const pictured = (wanted: string) =>
    enrolments
      .filter(({ status }) => status === wanted)
      .map(({ id, userId, kind, itemId, name, startedAt, progress, overdue }) => ({
        ...{ id, userId, kind, itemId, name, startedAt, progress, overdue },
      }));
  return { users, groups, enrolments: pictured("active"), withdrawn: pictured("withdrawn") };
}

/** What a fold holds. */
function pictureOf(fold: FeedFold): Picture {
  return {
    users: [...fold.users.values()].map(({ isErased, ...user }) => (isErased ? { ...user, isErased } : user)),
    groups: [...fold.groups.values()].map(({ members, items, ...group }) => ({
      ...group,
      members: [...members],
      items: [...items.values()],
    })),
    enrolments: [...fold.enrolments.values()],
    withdrawn: [...fold.withdrawn.values()],
  };
}

/** The lines of two pictures that only one of them has, and what did not fit in the feed; empty when they agree. */
export function compareFold(fold: FeedFold, listed: Picture): string[] {
  const told = linesOf(pictureOf(fold));
  // Entries of before there was `personId` do not tell it.
  const users = listed.users.map((user) =>
    fold.users.get(user.id)?.personId === undefined ? { ...user, personId: undefined } : user,
  );
  const there = linesOf({ ...listed, users });
  return [
    ...fold.misfits,
    ...fold.pending,
    ...[...there].filter((line) => !told.has(line)).map((line) => `the feed does not tell: ${line}`),
    ...[...told].filter((line) => !there.has(line)).map((line) => `the feed alone tells: ${line}`),
  ];
}

function linesOf({ users, groups, enrolments, withdrawn }: Picture): Set<string> {
  const line = (kind: string, facts: object) =>
    `${kind} ${JSON.stringify(Object.fromEntries(Object.entries(facts).sort(([a], [b]) => (a < b ? -1 : 1))))}`;
  const sorted = (fields: object) => Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));
  return new Set([
    ...users.map((user) => line("user", { ...user, fields: sorted(user.fields) })),
    ...groups.flatMap(({ id, name, source, createdAt, members, items }) => [
      line("group", { id, name, source, createdAt }),
      ...members.map((member) => line("member", { member, group: name })),
      ...items.map((item) => line("item", { ...item, group: name })),
    ]),
    ...enrolments.map(({ progress, ...enrolment }) => line("enrolment", { ...enrolment, ...progress })),
    // Whose name and item it was is told by what ended it.
    ...withdrawn.map(({ id, userId, progress, overdue }) => line("past", { id, userId, overdue, ...progress })),
  ]);
}

/**
 * What is wrong with a company's enrolments by the rules: each person (users with one e-mail) has each item that a target
 * group of an active user of it gives, once, under its present name, through a user that is in such a group, or has completed it.
 */
export function judgeEnrolments({ users, groups, enrolments, withdrawn }: Picture): string[] {
  const people = new Map<string, string>();
  for (const { id, fields } of users) people.set(id, typeof fields.email === "string" ? foldKey(fields.email) : id);
  const active = new Set(users.filter(({ status }) => status === "active").map(({ id }) => id));
  const wanted = new Map<string, Set<string>>();
  for (const { members, items } of groups)
    for (const member of members.filter((id) => active.has(id)))
      for (const { kind, id, name } of items) {
        const line = `${people.get(member)}: ${kind} ${id} ${name}`;
        wanted.set(line, (wanted.get(line) ?? new Set()).add(member));
      }
  const faults: string[] = [];
  const held = new Set<string>();
  const ofItem = ({ userId, kind, itemId }: FoldedEnrolment) => `${people.get(userId)}: ${kind} ${itemId} `;
  const completed = [...enrolments, ...withdrawn].filter(isCompleted).map(ofItem);
  for (const { userId, kind, itemId, name } of enrolments.filter((each) => !isCompleted(each))) {
    const line = `${people.get(userId)}: ${kind} ${itemId} ${name}`;
    if (held.has(line)) faults.push(`enrolled twice: ${line}`);
    held.add(line);
    if (wanted.get(line)?.has(userId) !== true) faults.push(`nothing gives ${userId}: ${line}`);
  }
  for (const line of wanted.keys())
    if (!held.has(line) && !completed.some((item) => line.startsWith(item))) faults.push(`not enrolled: ${line}`);
  return faults;
}
