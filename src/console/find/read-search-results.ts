import { type ReadInShare, ShareUsedUp } from "../../companies/read-in-share.ts";
import { findPeopleByName } from "../../directory/find-people-by-name.ts";
import { foldKey } from "../../directory/fold-key.ts";
import { listPeople } from "../../directory/people-list-store.ts";
import { selectTargetUser } from "../../directory/target-user-store.ts";
import { selectTrainings } from "../../enrolment/training-store.ts";
import { listTargetGroups, selectTargetGroup } from "../../grouping/target-group-store.ts";
import { findLogged } from "../../log/log-store.ts";
import type { Database } from "../../platform/database.ts";
import { NOTHING, runRead, together } from "../../platform/read-batch.ts";
import { isId } from "../../platform/uuid.ts";
import { guideOf } from "../../providers/guides.ts";
import { type SettingRecord, selectSettings } from "../../settings/setting-store.ts";
import { SOURCE_WORDS } from "../groups/groups-page.tsx";
import { nameOf } from "../people/name-of-person.tsx";
import { href } from "../routes.ts";
import { arrangeItems } from "../trainings/arrange-trainings.ts";
import { KIND_WORDS, trainingUrl } from "../trainings/training-words.ts";

/** Something that was found: where it is, what it is called, and what tells it from others. */
export interface Hit {
  url: string;
  title: string;
  more: string;
}

/** What was found of each kind, in the order in which it is shown. */
export interface Findings {
  people: Hit[];
  groups: Hit[];
  settings: Hit[];
  trainings: Hit[];
  requests: Hit[];
}

const NONE: Findings = { people: [], groups: [], settings: [], trainings: [], requests: [] };

/** Of each kind so many are found. */
export const MOST_FOUND = 8;

/** Where is looked. */
interface Where {
  database: Database;
  company: { key: number; id: string };
  readInShare: ReadInShare;
}

/** Finds what has an id, or a text in its name; and says why where not everything could be looked through. */
export async function readFindings(where: Where, text: string): Promise<{ findings: Findings; cut: string | null }> {
  if (isId(text)) return { findings: await findById(where, text.toLowerCase()), cut: null };
  const few = await findAmongFew(where, text);
  try {
    return { findings: { ...few, ...(await findAmongMany(where, text)) }, cut: null };
  } catch (error) {
    if (!(error instanceof ShareUsedUp)) throw error;
    const found = await findPeopleByName(where.database, where.company.key, text);
    const people = found.map(({ id, userName }) => personHit(where, { id, userName, more: "" }));
    return { findings: { ...few, people }, cut: error.detail };
  }
}

/** A person, a target group, a setting or a request by its id. */
async function findById({ database, company }: Where, id: string): Promise<Findings> {
  const { person, group, settings } = await runRead(
    database,
    together({
      person: selectTargetUser(company.key, id),
      group: selectTargetGroup(company.key, id),
      settings: selectSettings(company.key, { take: 200, after: null }),
    }),
  );
  const logged = await findLogged(database, company.key, [id]);
  const at = { company };
  return {
    ...NONE,
    people: person === null ? [] : [personHit(at, { id, userName: person.userName, more: person.displayName ?? "" })],
    groups: group === null ? [] : [groupHit(at, group)],
    settings: settings.filter((setting) => setting.id === id).map((setting) => settingHit(at, setting)),
    requests: [...logged].map((requestId) => ({
      url: href("logEntry", { companyId: company.id, requestId }),
      title: requestId,
      more: "A request in the provisioning log",
    })),
  };
}

/** The settings and trainings, of which a company has so few that they are read whole. */
async function findAmongFew({ database, company }: Where, text: string): Promise<Findings> {
  const { settings, trainings } = await runRead(
    database,
    together({
      settings: selectSettings(company.key, { take: 200, after: null }),
      trainings: selectTrainings(company.key),
    }),
  );
  const word = foldKey(text);
  return {
    ...NONE,
    settings: settings
      .filter(({ name }) => foldKey(name).includes(word))
      .slice(0, MOST_FOUND)
      .map((setting) => settingHit({ company }, setting)),
    trainings: arrangeItems(trainings, text)
      .slice(0, MOST_FOUND)
      .map((item) => ({ url: trainingUrl(company.id, item), title: item.name, more: KIND_WORDS[item.kind] })),
  };
}

/** The people and target groups, which no index finds by parts of their names. */
async function findAmongMany({ database, company, readInShare }: Where, text: string) {
  const page = { take: MOST_FOUND, after: null };
  const everybody = { status: null, settingId: null, isUnmanaged: false, order: "name" } as const;
  const { rows } = await listPeople(database, company.key, { ...everybody, search: text }, page, NOTHING, readInShare);
  const named = { search: text, source: null, order: "name" } as const;
  const groups = await listTargetGroups(database, company.key, named, page, readInShare);
  return {
    people: rows.map((person) => personHit({ company }, { ...person, more: nameOf(person) })),
    groups: groups.map((group) => groupHit({ company }, group)),
  };
}

type At = Pick<Where, "company">;

function personHit({ company }: At, { id, userName, more }: { id: string; userName: string; more: string }): Hit {
  return { url: href("person", { companyId: company.id, userId: id }), title: userName, more };
}

function groupHit(
  { company }: At,
  { id, name, source }: { id: string; name: string; source: keyof typeof SOURCE_WORDS },
): Hit {
  return { url: href("group", { companyId: company.id, groupId: id }), title: name, more: SOURCE_WORDS[source] };
}

function settingHit({ company }: At, { id, name, provider }: SettingRecord): Hit {
  return { url: href("setting", { companyId: company.id, settingId: id }), title: name, more: guideOf(provider).name };
}
