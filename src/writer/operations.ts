import { type BulkItemOperation, foreseeBulkItem, runBulkItem, weighBulkItem } from "./bulk.ts";
import { createField, deleteCompany, deleteField, renameCompany } from "./configure-company.ts";
import { createSetting, deleteSetting, setStatus, updateSetting } from "./configure-settings.ts";
import { createManualGroup, setAutoEnrolments, setManualMember } from "./configure-targets.ts";
import { createToken, revokeToken } from "./configure-tokens.ts";
import { createWebhook, deleteWebhook, updateWebhook } from "./configure-webhooks.ts";
import { createGroup } from "./create-group.ts";
import { createUser } from "./create-user.ts";
import { deleteGroup } from "./delete-group.ts";
import { deleteUser } from "./delete-user.ts";
import { enrolPersons } from "./enrol.ts";
import { foreseeFollowUp, runFollowUp } from "./follow-ups.ts";
import {
  foreseeAutoEnrolments,
  foreseeFieldDeletion,
  foreseeGroup,
  foreseeManualGroup,
  foreseeManualMember,
  foreseeTargetUser,
  foreseeUser,
} from "./foresee.ts";
import { weighGroup } from "./member-change.ts";
import type { BulkOperation, Operation, Outcome, Weight } from "./operation.ts";
import { patchGroup } from "./patch-group.ts";
import { patchUser } from "./patch-user.ts";
import { releaseLoosened } from "./release-mirror.ts";
import { noteLosses } from "./rename-losses.ts";
import { replaceGroup } from "./replace-group.ts";
import { replaceUser } from "./replace-user.ts";
import type { Scope } from "./scope.ts";
import { editTargetUser, removeTargetUser } from "./unmanaged-users.ts";
import type { WorkingSet } from "./working-set.ts";

/** What can stand in the queue: a Bulk request stands there as its items. */
export type QueuedOperation = Exclude<Operation, BulkOperation> | BulkItemOperation;

/** All there is to know of one kind of operation. */
interface OperationRecord<O> {
  /** Wants what it will read, so that one D1 trip loads it; too little costs a second trip, and nothing has to be exact. */
  foresee(workingSet: WorkingSet, operation: O): void;
  /** Applies it; throws ScimError to refuse it, NotLoaded to have more read first. */
  run(scope: Scope, operation: O): Outcome;
  /** What it takes of a commit that it shares with others. */
  weigh(operation: O): Weight;
  /** Whether it changes what the writer keeps between commits. */
  changesConfiguration: boolean;
  /** Whether its answer waits for its follow-ups, as far as they are done in time. */
  waitsForFollowUps: boolean;
  /** What it is called in the Worker's log. */
  describe(operation: O): string;
}

const LIGHT: Weight = { members: 0, lists: 0 };
const nothing = () => {};
const byKind = ({ kind }: { kind: string }) => kind;

/** What SCIM asks of users and groups, and what rides along: data that leaves the configuration as it is. */
const data = {
  changesConfiguration: false,
  waitsForFollowUps: false,
  describe: byKind,
};
const onUser = { ...data, foresee: foreseeUser, weigh: () => LIGHT };
const onGroup = { ...data, foresee: foreseeGroup, weigh: weighGroup };
/** What the management API and the console ask for: each in a commit of its own. */
const configuration = {
  foresee: nothing,
  weigh: (): Weight => "alone",
  changesConfiguration: true,
  waitsForFollowUps: false,
  describe: byKind,
};
const followed = { ...configuration, waitsForFollowUps: true };

const OPERATIONS = {
  createUser: { ...onUser, run: createUser },
  replaceUser: { ...onUser, run: replaceUser },
  patchUser: { ...onUser, run: patchUser },
  deleteUser: { ...onUser, run: deleteUser },
  createGroup: { ...onGroup, run: createGroup },
  replaceGroup: { ...onGroup, run: replaceGroup },
  patchGroup: { ...onGroup, run: patchGroup },
  deleteGroup: { ...onGroup, run: deleteGroup },
  bulkItem: {
    ...data,
    foresee: (workingSet, item) => foreseeBulkItem(item, (inner) => foresee(workingSet, inner)),
    run: (scope, item) => runBulkItem(scope, item, runOperation),
    weigh: (item) => weighBulkItem(item, weigh) ?? LIGHT,
    describe: ({ place }) => `operation ${place + 1} of a Bulk request`,
  },
  createSetting: { ...configuration, run: createSetting },
  updateSetting: { ...followed, run: updateSetting },
  pauseSetting: { ...configuration, run: setStatus },
  resumeSetting: { ...configuration, run: setStatus },
  deleteSetting: { ...followed, run: deleteSetting },
  createToken: { ...configuration, run: createToken },
  revokeToken: { ...configuration, run: revokeToken },
  createField: { ...configuration, run: createField },
  deleteField: { ...followed, foresee: foreseeFieldDeletion, run: deleteField },
  createTargetGroup: { ...configuration, foresee: foreseeManualGroup, run: createManualGroup },
  editTargetUser: { ...configuration, foresee: foreseeTargetUser, run: editTargetUser },
  removeTargetUser: { ...configuration, foresee: foreseeTargetUser, run: removeTargetUser },
  addManualMember: { ...configuration, foresee: foreseeManualMember, run: setManualMember },
  removeManualMember: { ...configuration, foresee: foreseeManualMember, run: setManualMember },
  setAutoEnrolments: { ...followed, foresee: foreseeAutoEnrolments, run: setAutoEnrolments },
  createWebhook: { ...configuration, run: createWebhook },
  updateWebhook: { ...configuration, run: updateWebhook },
  deleteWebhook: { ...configuration, run: deleteWebhook },
  renameCompany: { ...configuration, run: renameCompany },
  deleteCompany: { ...followed, run: deleteCompany },
  followUp: {
    ...configuration,
    foresee: foreseeFollowUp,
    run: runFollowUp,
    describe: ({ followUp }) => `follow-up ${followUp.kind}`,
  },
  log: {
    ...data,
    foresee: nothing,
    run: ({ workingSet }, { entries }) => {
      for (const entry of entries) workingSet.log(entry);
      return { kind: "done" };
    },
    weigh: () => LIGHT,
  },
} satisfies { [K in QueuedOperation["kind"]]: OperationRecord<Extract<QueuedOperation, { kind: K }>> };

/** All there is to know of an operation's kind. */
export function recordOf<O extends QueuedOperation>({ kind }: O): OperationRecord<O> {
  // The table's own type says that each kind stands there with the record of its operations.
  return OPERATIONS[kind] as unknown as OperationRecord<O>;
}

/** Wants what an operation will read. */
export function foresee(workingSet: WorkingSet, operation: QueuedOperation): void {
  recordOf(operation).foresee(workingSet, operation);
}

/** What an operation takes of a commit that it shares with others. */
export function weigh(operation: QueuedOperation): Weight {
  return recordOf(operation).weigh(operation);
}

/** Applies one operation to the working set, enrolments included; throws ScimError to refuse it, NotLoaded to read more. */
export function runOperation(scope: Scope, operation: QueuedOperation): Outcome {
  const outcome = recordOf(operation).run(scope, operation);
  releaseLoosened(scope);
  noteLosses(scope, enrolPersons(scope));
  scope.conclude();
  return outcome;
}
