import type { Alert } from "../alerts/alert.ts";
import type { PlannedWork } from "../alerts/alert-store.ts";
import type { FailingWrite } from "../alerts/failing-write.ts";
import type { Traffic } from "../alerts/setting-traffic.ts";
import type { OwnQuotas, Quotas } from "../companies/quotas.ts";
import type { CompiledMapping } from "../directory/derive-user-fields.ts";
import type { AutoEnrolment } from "../enrolment/plan-enrolments.ts";
import type { Hold } from "../holds/hold.ts";
import type { DECISIONS } from "../holds/tables.ts";
import type { Sightings } from "../log/record-unused-paths.ts";
import { type FormPlace, PRESENT_FORM } from "../platform/stored-row-forms.ts";
import type { Field } from "../settings/fields.ts";
import type { Setting, SettingStatus } from "../settings/setting.ts";
import type { CredentialRowKind } from "../settings/tables.ts";
import type { ConfirmableChannel } from "../webhooks/alert-messages/channel-store.ts";
import type { AskedLink } from "../webhooks/alert-messages/confirmation-links.ts";
import type { AttributeIndex } from "./attribute-index.ts";
import type { RowCache } from "./row-cache.ts";
import type { TargetGroupCache } from "./target-group-cache.ts";
import type { LastUses } from "./token-last-used.ts";
import type { Lookups } from "./unindexed-lookups.ts";

/** A setting as the writer uses it: its field mappings ready to read documents with. */
export interface WriterSetting extends Setting {
  compiledMappings: CompiledMapping[];
}

/** A credential's row, as far as its liveness goes. */
export interface TokenRow {
  settingKey: number;
  expiresAt: number | null;
  revokedAt: number | null;
  kind: CredentialRowKind;
  /** Of a client's secret. */
  clientId: string | null;
  lastFour: string;
  createdAt: number;
  lastUsedAt: number | null;
}

/** What of a setting may change in a commit, and is kept apart from what rules its writes. */
export interface SettingState {
  status: SettingStatus;
  createdAt: number;
}

/** An OAuth client's row, as far as the writer has to do with it. */
interface ClientRow {
  settingKey: number;
  revokedAt: number | null;
}

/** A webhook, as far as the writer has to do with it. */
export interface WebhookRow {
  key: number;
  url: string;
  isEnabled: boolean;
  /** Whether it had changes to deliver when the configuration was read. */
  isBehind: boolean;
  /** Whether it stands still by itself, and why, as of that time. */
  isFailing: boolean;
  failure: string | null;
}

/** The kinds of work that take several commits; each commit does one step and keeps its place, so a crash loses nothing. */
export type FollowUpKind =
  | "mirrorGroups"
  | "regroupUsers"
  /** The groups of a setting let go of the target groups that they mirror. */
  | "releaseMirrors"
  | "removeUsers"
  | "removeGroups"
  | "enrolMembers"
  | "restoreItem"
  | "moveMembers"
  | "removeLeavers"
  /** One target group goes, at the end of other work, unless something else keeps it there. */
  | "releaseMirror"
  | "goLive"
  | "removeShadow"
  | "emptyTargetGroup"
  | "decideHold"
  | "undoHold"
  | "expireHeld"
  | "eraseDeliveries"
  | "indexUsers"
  | "eraseKeys"
  | "eraseCompany";

/** A decision about a hold that is being carried out in steps. */
export interface Decision {
  key: number;
  holdKey: number;
  action: (typeof DECISIONS)[number];
  /** Effects recorded up to this version are meant; of `expire` deletions that have waited since before this time (ms). */
  version: number;
}

/** Work that follows a committed decision, and its place. */
export interface FollowUp {
  key: number;
  kind: FollowUpKind;
  /**
   * The key of what it is about: a setting, a group, a target group, an item that was stopped, a decision about a hold, a
   * webhook, the index of an attribute, a company.
   */
  subjectKey: number;
  /** The key of the last user or group that is done. */
  after: number;
  cause: string;
  /** Users or groups that a step was refused for: they are tried again when the work has rested. */
  leftOut: string[];
  /** Why somebody was left out, or why it could not go on. */
  refusal: string | null;
  /** Since when it rests because of that (ms); null while it is under way. */
  refusedAt: number | null;
}

/**
 * What rules a company's writes and changes only by configuration operations. The writer keeps it between commits for
 * as long as the last commit's number and id show that nobody else committed.
 */
export interface CompanyConfig {
  companyKey: number;
  companyId: string;
  name: string;
  deleted: boolean;
  quotas: Quotas;
  /** Those that the operator has set. */
  ownQuotas: OwnQuotas | null;
  commitNo: number;
  /** Of the commit with that number: after a restore of the database the number alone may name another one. */
  commitId: string | null;
  /** The commit up to which it is counted how many are enrolled in what. */
  itemsCountedBy: string | null;
  /** The ids of the latest commits at the time of reading, in one text. */
  recentCommits: string;
  /** How far its rows have been brought into the form in which they are written today. */
  storedForm: FormPlace;
  /** Whether a row waits for its name, which another one has since names are folded otherwise. */
  hasLostNames: boolean;
  settings: Map<string, WriterSetting>;
  settingsByKey: Map<number, WriterSetting>;
  settingStates: Map<number, SettingState>;
  customFields: Field[];
  autoEnrolments: Map<number, AutoEnrolment[]>;
  /** Whether anybody had an enrolment that is open or completed when this was read. */
  hasEnrolments: boolean;
  /** When the next enrolment is due (ms), or earlier; null where none has an end. */
  enrolmentsDueAt: number | null;
  /** The credentials of all kinds. */
  tokens: Map<string, TokenRow>;
  clients: Map<string, ClientRow>;
  followUps: FollowUp[];
  webhooks: Map<string, WebhookRow>;
  lastUses: LastUses;
  sightings: Sightings;
  /** The holds that wait for a decision, by key. */
  openHolds: Map<number, Hold>;
  /** By the key of a setting the deleted one that takes its people whose deletion waits. */
  heirs: Map<number, WriterSetting>;
  /** The decisions that are being carried out, by key. */
  decisions: Map<number, Decision>;
  lookups: Lookups;
  /** The alerts that are not over, and those closed of late, by id. */
  alerts: Map<string, Alert>;
  /** When the rules have to look again though nothing happens (ms), or null. */
  alertsDueAt: number | null;
  /** How each setting is used, by its key. */
  traffic: Map<number, Traffic>;
  /** Writes that were refused and not made good, by `failingKey`. */
  failingWrites: Map<string, FailingWrite>;
  plannedWork: PlannedWork | null;
  /** Where messages to people go. */
  channels: ConfirmableChannel[];
  /** The links of the last day that ask to confirm an address. */
  askedLinks: AskedLink[];
  /** By `indexName`. */
  attributeIndexes: ReadonlyMap<string, AttributeIndex>;
  cache: RowCache;
  /** Null when there are too many to cache. */
  targetGroups: TargetGroupCache | null;
}

/** Whether rows of a company are still to be brought into the present form; of one that is erased none is. */
export function isInOldForm({ storedForm, deleted }: Pick<CompanyConfig, "storedForm" | "deleted">): boolean {
  return !deleted && storedForm.done < PRESENT_FORM;
}

/** Whether a live setting keeps its users up to date; those whom a deleted one left are for people to edit and remove. */
export function isManaging({ status }: WriterSetting): boolean {
  return status !== "deleted";
}

/** Whether the setting of a key is a live one. */
export function isLive({ settingsByKey }: CompanyConfig, settingKey: number): boolean {
  const setting = settingsByKey.get(settingKey);
  return setting !== undefined && isManaging(setting);
}
