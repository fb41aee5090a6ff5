import * as z from "zod";
import { NOTE_KINDS } from "../scim/note.ts";
import { time } from "./answer-shapes.ts";
import { changeHead } from "./change-shapes.ts";

/** An entry of the change feed, whatever its type: `CHANGE_DATA` says what there is to each. */
export const changeShape = z.object({
  ...changeHead,
  type: z.string(),
  data: z.record(z.string(), z.unknown()),
  cause: z.record(z.string(), z.unknown()),
});

/** A stretch of the feed; `readTo` is the cursor up to which it was looked through, whatever the types asked for. */
export const feedShape = z.object({
  items: z.array(changeShape),
  nextCursor: z.string().nullable(),
  readTo: z.string(),
});

/** Where a feed ends. */
export const headShape = z.object({ cursor: z.string() });

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
      "What was sent there, cut; null of groups, of refused requests, in lists of a Bulk request, and once the person is erased; of name_held the id of who has the name",
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
