import * as z from "zod";
import { enrolmentShape, targetUserShape } from "./person-shapes.ts";
import { autoEnrolmentShape, targetGroupShape } from "./target-group-shapes.ts";

const cursorLine = z.object({ cursor: z.string().describe("First line: from here on follow the feed with `after`") });
const userLine = z.object({ type: z.literal("user"), user: targetUserShape });
const groupLine = z.object({ type: z.literal("group"), group: targetGroupShape });
const autoEnrolmentLine = z.object({
  type: z.literal("autoEnrolment").describe("One item that a target group enrols its members in"),
  autoEnrolment: autoEnrolmentShape.extend({ groupId: z.string() }),
});
const memberLine = z.object({
  type: z.literal("member"),
  member: z.object({ groupId: z.string(), userId: z.string() }),
});
const enrolmentLine = z.object({ type: z.literal("enrolment"), enrolment: enrolmentShape });
const endLine = z.object({
  type: z.literal("end").describe("Last line: without it the snapshot broke off, and is to be taken anew"),
  users: z.int(),
  groups: z.int(),
  autoEnrolments: z.int(),
  members: z.int(),
  enrolments: z.int(),
});

/** The lines that a snapshot has, in their order. */
export const SNAPSHOT_LINES = {
  SnapshotCursor: cursorLine,
  SnapshotUser: userLine,
  SnapshotGroup: groupLine,
  SnapshotAutoEnrolment: autoEnrolmentLine,
  SnapshotMember: memberLine,
  SnapshotEnrolment: enrolmentLine,
  SnapshotEnd: endLine,
};

/** A line of a snapshot. */
export const snapshotLineShape = z.union([
  cursorLine,
  userLine,
  groupLine,
  autoEnrolmentLine,
  memberLine,
  enrolmentLine,
  endLine,
]);
