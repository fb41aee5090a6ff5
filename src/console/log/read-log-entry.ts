import type { Change } from "../../changes/change.ts";
import { selectChangesOfRequest } from "../../changes/change-store.ts";
import { type NamedResource, selectHolderOfName, selectNamedResource } from "../../directory/named-resources.ts";
import {
  credentialOfRequest,
  type LogRecordInFull,
  selectLogEntry,
  settingOfRequest,
  timeOfRequest,
} from "../../log/log-store.ts";
import type { Stretch } from "../../platform/byte-budget.ts";
import { type Read, runRead, together } from "../../platform/read-batch.ts";
import { type CredentialRecord, selectCredential } from "../../settings/credential-store.ts";
import { type SettingRecord, selectSetting } from "../../settings/setting-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { atOneMoment } from "../read-page-at-one-moment.ts";
import { notHere } from "../refused.ts";

/** Changes that a page shows of a request. */
export const CHANGES = 100;

/** What a request's page shows. */
export interface ReadEntry {
  entry: LogRecordInFull;
  changes: Stretch<Change>;
  setting: SettingRecord | null;
  credential: CredentialRecord | null;
}

/** Reads what is known of a request, with who has the name that it was refused for; 404 where it is not in the log. */
export async function readLogEntry(c: ConsoleContext): Promise<ReadEntry & { holder: NamedResource | null }> {
  const found = await readEntry(c);
  if (selectHolder(c, found) === null) return { ...found, holder: null };
  return atOneMoment(c, async () => {
    const again = await readEntry(c);
    const holder = selectHolder(c, again);
    return { ...again, holder: holder && (await runRead(c.var.database, holder)) };
  });
}

async function readEntry(c: ConsoleContext): Promise<ReadEntry> {
  const { company, database } = c.var;
  const requestId = c.req.param("requestId") ?? "";
  const { entry, ...rest } = await runRead(
    database,
    together({
      entry: selectLogEntry(company.key, requestId),
      changes: selectChangesOfRequest(
        company.key,
        { id: requestId, time: timeOfRequest(company.key, requestId) },
        CHANGES + 1,
      ),
      setting: selectSetting(company.key, settingOfRequest(company.key, requestId)),
      credential: selectCredential(company.key, credentialOfRequest(company.key, requestId)),
    }),
  );
  if (entry === null) throw notHere();
  return { entry, ...rest };
}

/** Reads who has a name that is taken: the one whom the entry names, or, of one from before it did, who has the name today. */
function selectHolder(c: ConsoleContext, { entry }: ReadEntry): Read<NamedResource | null> | null {
  const { key } = c.var.company;
  if (entry.scimType !== "uniqueness" || entry.resourceType === null) return null;
  const id = entry.notes.find(({ kind }) => kind === "name_held")?.value ?? null;
  if (id !== null) return selectNamedResource(key, id);
  if (entry.label === null || entry.resourceId !== null) return null;
  return selectHolderOfName(key, { type: entry.resourceType, settingId: entry.settingId, name: entry.label });
}
