import { customType, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { Note, NoteKind } from "../scim/note.ts";
import { parseNotes } from "./notes-without-person.ts";
import { type Bodies, printBodies, readBodies } from "./pack-bodies.ts";

/** Notes as a JSON array; rows of before notes had kinds hold sentences. */
const noteList = customType<{ data: Note[]; driverData: string }>({
  dataType: () => "text",
  fromDriver: parseNotes,
  toDriver: (notes) => JSON.stringify(notes),
});

/** What was sent and answered, deflated where it is long. */
const keptBodies = customType<{ data: Bodies; driverData: string }>({
  dataType: () => "text",
  fromDriver: readBodies,
  toDriver: printBodies,
});

/** What the rows of the provisioning log are: see the migration. */
export const LANES = { request: 0, ofGroup: 1, part: 2, pack: 3 } as const;

/** The provisioning log: a row for each SCIM request, but for look-ups that succeeded, many of which are one. Times in milliseconds. */
export const requestLog = sqliteTable(
  "request_log",
  {
    settingKey: integer("setting_key").notNull(),
    lane: integer("lane").notNull(),
    id: text("id").notNull(),
    time: integer("time").notNull(),
    method: text("method").notNull(),
    path: text("path").notNull(),
    resourceType: text("resource_type").$type<"User" | "Group">(),
    resourceId: text("resource_id"),
    label: text("label"),
    /** Null where lower(label) is the same. */
    labelKey: text("label_key"),
    status: integer("status").notNull(),
    code: text("code"),
    scimType: text("scim_type"),
    detail: text("detail"),
    duration: integer("duration").notNull(),
    tokenId: text("token_id"),
    found: integer("found"),
    notes: noteList("notes").notNull().default([]),
    packed: integer("packed"),
    lastId: text("last_id"),
    /** A JSON array of `PackedLookUp`. */
    entries: text("entries"),
    bodies: keptBodies("bodies"),
  },
  (table) => [primaryKey({ columns: [table.settingKey, table.lane, table.id] })],
);

/** In which rows the look-ups about somebody are: by the id of a user, or by a name, folded. */
export const packedLookUps = sqliteTable(
  "packed_look_ups",
  {
    settingKey: integer("setting_key").notNull(),
    name: text("name").notNull(),
    packId: text("pack_id").notNull(),
  },
  (table) => [primaryKey({ columns: [table.settingKey, table.name, table.packId] })],
);

/** The log of before, filled no more: a row for each SCIM request. Times in milliseconds. */
export const provisioningLog = sqliteTable("provisioning_log", {
  key: integer("log_key").primaryKey(),
  companyKey: integer("company_key").notNull(),
  settingKey: integer("setting_key").notNull(),
  id: text("id").notNull(),
  time: integer("time").notNull(),
  method: text("method").notNull(),
  path: text("path").notNull(),
  resourceType: text("resource_type").$type<"User" | "Group">(),
  resourceId: text("resource_id"),
  label: text("label"),
  /** Null where lower(label) is the same, and in rows of before there was it. */
  labelKey: text("label_key"),
  status: integer("status").notNull(),
  code: text("code"),
  scimType: text("scim_type"),
  detail: text("detail"),
  duration: integer("duration").notNull(),
  requestBody: text("request_body"),
  responseBody: text("response_body"),
  notes: noteList("notes").notNull().default([]),
});

/** What users were called before, folded, as long as the log may name them so. */
export const formerNames = sqliteTable("former_names", {
  userKey: integer("user_key").notNull(),
  name: text("name").notNull(),
  companyKey: integer("company_key").notNull(),
  lostAt: integer("lost_at").notNull(),
});

/** What a setting's provider sends without effect, by path. Times in milliseconds. */
export const sentNotUsed = sqliteTable(
  "sent_not_used",
  {
    settingKey: integer("setting_key").notNull(),
    kind: text("kind").notNull().$type<NoteKind>(),
    path: text("path").notNull(),
    firstAt: integer("first_at").notNull(),
    lastAt: integer("last_at").notNull(),
    requestId: text("request_id").notNull(),
  },
  (table) => [primaryKey({ columns: [table.settingKey, table.kind, table.path] })],
);
