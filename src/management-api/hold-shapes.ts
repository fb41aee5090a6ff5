import * as z from "zod";
import { OBSTACLES } from "../holds/applied-before-hold-store.ts";
import { SAFEGUARD_KINDS } from "../settings/safeguards.ts";
import { itemKind, time } from "./answer-shapes.ts";

/** Effects that wait for a decision. */
export const holdShape = z.object({
  id: z.string(),
  settingId: z.string(),
  kind: z.enum(SAFEGUARD_KINDS),
  status: z.enum(["open", "closed"]),
  version: z.int().describe("Goes with a decision, which is about what was recorded up to it"),
  people: z.int().describe("Those who wait now"),
  outcome: z.object({ released: z.int(), kept: z.int(), dissolved: z.int() }),
  causes: z.array(z.object({ detail: z.string(), requestIds: z.array(z.string()), people: z.int() })),
  openedAt: time,
  closedAt: time.nullable(),
  decidedAt: time.nullable(),
  decidedBy: z.object({ kind: z.enum(["operator", "console", "api", "system"]) }).nullable(),
});

/** What would be taken from one person, or was kept. */
export const effectShape = z.object({
  userId: z.string(),
  userName: z.string(),
  state: z.enum(["waiting", "kept"]),
  version: z.int(),
  action: z.enum(["deactivate", "delete", "leaveGroups"]),
  groups: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      requestId: z.string().nullable(),
      to: z.string().nullable().describe("In a move: the target group that takes its place, by name"),
    }),
  ),
  enrolments: z.array(z.object({ kind: itemKind, itemId: z.string(), name: z.string() })),
});

/** What was carried out of one person in the hour before a hold opened. */
export const appliedShape = z.object({
  userId: z.string().nullable().describe("Null for somebody who was deleted and erased, which cannot be undone"),
  userName: z.string().nullable(),
  group: z.object({ id: z.string(), name: z.string() }).nullable().describe("Null: set inactive, or deleted"),
  lostAt: time,
  undoneAt: time.nullable(),
  canBeUndone: z.boolean(),
  obstacle: z
    .enum(OBSTACLES)
    .nullable()
    .describe(
      "Why it cannot be undone: it was; the person is erased; no setting manages the person; the person is inactive now; the target group " +
        "is gone; the person is back by itself; something else of the person waits or was kept",
    ),
});
