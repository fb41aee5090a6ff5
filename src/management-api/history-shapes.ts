import * as z from "zod";
import { CHANGE_TYPES } from "../changes/change.ts";
import { NOTE_KINDS } from "../scim/note.ts";
import { time } from "./answer-shapes.ts";

/** What whoever keeps a mirror has to know of `data`, type by type where it is not plain from its members. */
const DATA = [
  "`user.created` and `user.updated` (`changed`: old and new value by name) carry all that GET shows of a target user; `createdAt` where its SCIM user came before the setting went live.",
  "`enrolment.reassigned`: from `oldUserId` to `userId`, another user of the same person.",
  "`auto_enrolments.changed`: all `items` of the group; open enrolments of these items have the names given here from now on.",
  "`erased: true`: the user was deleted since, and what it was called is left out.",
].join(" ");

/** An entry of the change feed. */
export const changeShape = z.object({
  id: z.string(),
  cursor: z.string(),
  type: z.string().meta({ examples: [...CHANGE_TYPES] }),
  schemaVersion: z.literal(1),
  time,
  companyId: z.string(),
  subject: z.object({ kind: z.string(), id: z.string() }),
  data: z.record(z.string(), z.unknown()).describe(DATA),
  cause: z.record(z.string(), z.unknown()),
});

/** A stretch of the feed; `readTo` is the cursor up to which it was looked through, whatever the types asked for. */
export const feedShape = z.object({
  items: z.array(changeShape),
  nextCursor: z.string().nullable(),
  readTo: z.string(),
});

/** What was accepted of a request but deserves a word. */
export const noteShape = z.object({
  kind: z.string().describe(`What it is, one of: ${Object.keys(NOTE_KINDS).join(", ")}. More may follow.`),
  path: z
    .string()
    .nullable()
    .describe(
      "The attribute it is about, as it was sent; in a Bulk request after its operation, from 0: Operations[3].data.title",
    ),
  value: z
    .string()
    .nullable()
    .describe(
      "What was sent there, cut; null of groups, of refused requests, in lists of a Bulk request, and once the person is erased",
    ),
});

/** A SCIM request in the provisioning log. */
export const logEntryShape = z.object({
  id: z.string(),
  settingId: z.string(),
  time,
  method: z.string(),
  path: z.string(),
  resourceType: z.string().nullable(),
  resourceId: z.string().nullable(),
  label: z.string().nullable(),
  outcome: z.enum(["success", "failure"]),
  status: z.int(),
  code: z.string().nullable(),
  scimType: z.string().nullable(),
  detail: z.string().nullable(),
  durationMs: z.number(),
  notes: z.array(noteShape),
});

/** A SCIM request with its redacted bodies, as JSON texts. */
export const logEntryInFullShape = logEntryShape.extend({
  requestBody: z.string().nullable(),
  responseBody: z.string().nullable(),
});
