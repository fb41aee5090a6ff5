import type { CompanyMetadata } from "../companies/company.ts";
import type { OnceRequest } from "../companies/idempotency-store.ts";
import type { QuotaName } from "../companies/quotas.ts";
import type { FieldValues } from "../directory/edited-field-values.ts";
import type { Reenrol } from "../directory/enrolment-column-values.ts";
import type { LogEntry } from "../log/log-entry.ts";
import type { NotedPerson } from "../log/parts-of-bulk-entry.ts";
import type { Preconditions } from "../scim/entity-tag.ts";
import type { Json, JsonObject } from "../scim/json.ts";
import type { Note } from "../scim/note.ts";
import type { PatchRequest } from "../scim/patch/patch.ts";
import type { Member } from "../scim/schema/read-members.ts";
import type { Refusal } from "../scim/scim-error.ts";
import type { Field } from "../settings/fields.ts";
import type { Expected, Safeguards } from "../settings/safeguards.ts";
import type { Dialect, FieldMapping, GroupSettingsInput, Provider } from "../settings/setting.ts";
import type { Trust } from "../settings/trusted-issuer.ts";
import type { Cause } from "../unit/change-cause.ts";
import type { ChannelAddress } from "../webhooks/alert-messages/message-channel.ts";
import type { FollowUpOperation } from "./follow-up.ts";
import type { ProgressReport, ReportOutcome } from "./progress-report.ts";
import type { RenewalStep } from "./renewal.ts";
import type { StoredGroup, StoredUser } from "./stored-resource.ts";

/** SCIM operations name their setting, and the version they may change. */
interface OnSetting {
  settingId: string;
}
interface OnResource extends OnSetting, Preconditions {
  id: string;
}

/** What SCIM asks of a user; its document or PATCH is read and checked already. */
export type UserOperation =
  | ({ kind: "createUser"; document: JsonObject } & OnSetting)
  | ({ kind: "replaceUser"; document: JsonObject } & OnResource)
  | ({ kind: "patchUser"; request: PatchRequest } & OnResource)
  | ({ kind: "deleteUser" } & OnResource);

/** What SCIM asks of a group; `members` is absent, or null as sent, where a request says nothing of them. */
export type GroupOperation =
  | ({ kind: "createGroup"; document: JsonObject; members?: Member[] | null } & OnSetting)
  | ({ kind: "replaceGroup"; document: JsonObject; members?: Member[] | null } & OnResource)
  | ({ kind: "patchGroup"; request: PatchRequest } & OnResource)
  | ({ kind: "deleteGroup" } & OnResource);

/** A whole Bulk request (RFC 7644 section 3.7): items are applied in dependency order, each atomically. */
export interface BulkRequestOperation extends OnSetting {
  kind: "bulk";
  /** As sent: each is read where it is run, so that a faulty one is refused in its place. */
  items: Json[];
  failOnErrors?: number;
}

/** What a target group enrols its members in, by the training platform's id. */
export interface AutoEnrolmentItem {
  kind: "training" | "phishing";
  id: string;
  name: string;
  dueInDays?: number;
  reenrol?: Reenrol;
}

/** Operations of the management API and the console: each runs in a commit of its own. */
export type ConfigurationOperation =
  | {
      kind: "createSetting";
      name: string;
      provider: Provider;
      fieldMappings: FieldMapping[];
      groupSettings: GroupSettingsInput;
      /** Live when it is not said. */
      mode?: "live" | "shadow";
      dialect?: Partial<Dialect>;
      safeguards?: Partial<Safeguards>;
      /** Its first credential; one that signs in by federation is made when the provider's side is known. */
      token?: NewToken;
      client?: NewClient;
      /** Chosen by the caller, so that a repeated request makes one setting. */
      id: string;
    }
  | {
      kind: "updateSetting";
      settingId: string;
      name?: string;
      provider?: Provider;
      fieldMappings?: FieldMapping[];
      groupSettings?: GroupSettingsInput;
      dialect?: Partial<Dialect>;
      safeguards?: Partial<Safeguards>;
      expected?: Expected | null;
      /** Whether people who wait in a hold are left as they are: without it a hold is shown first. */
      holds?: "leave";
    }
  | { kind: "pauseSetting"; settingId: string; holds?: "leave" }
  | { kind: "resumeSetting"; settingId: string }
  /** `version` is that of the configuration whose effects were looked at. */
  | { kind: "goLive"; settingId: string; version: string }
  | { kind: "deleteSetting"; settingId: string; users: "keep" | "remove"; holds?: "leave" }
  | { kind: "decideHold"; holdId: string; decision: "release" | "keep"; version: number; userIds?: string[] }
  | { kind: "undoHold"; hold: { id: string; key: number }; userIds?: string[] }
  | { kind: "eraseHeld"; userId: string }
  /** Deletions that have waited since before this time (ms) are released. */
  | { kind: "expireHeld"; before: number }
  /** All rules of alerts are asked: what only time decides. */
  | { kind: "reviewAlerts" }
  | { kind: "dismissAlert"; alertId: string }
  | { kind: "dismissFailing"; settingId: string; code: string }
  | { kind: "planWork"; until: number | null; note: string }
  | { kind: "setChannels"; channels: ChannelAddress[]; origin: string }
  | { kind: "addChannel"; channel: ChannelAddress; origin: string }
  | { kind: "removeChannel"; channelId: string }
  | { kind: "askAgain"; channelId: string }
  | { kind: "confirmChannel"; channelId: string; nonce: string }
  | { kind: "createToken"; settingId: string; token: NewToken }
  | { kind: "revokeToken"; settingId: string; tokenId: string }
  | ({ kind: "createClient"; settingId: string } & NewClient)
  | { kind: "createClientSecret"; settingId: string; clientId: string; secret: NewClientSecret }
  | { kind: "revokeClient"; settingId: string; clientId: string }
  | { kind: "revokeClientSecret"; settingId: string; clientId: string; secretId: string }
  | { kind: "createTrust"; settingId: string; trust: Trust & { id: string } }
  | { kind: "revokeTrust"; settingId: string; trustId: string }
  | { kind: "createField"; field: Pick<Field, "key" | "label" | "type"> }
  | { kind: "deleteField"; key: string }
  | { kind: "createTargetGroup"; name: string }
  | { kind: "renameTargetGroup"; targetGroupId: string; name: string }
  | { kind: "deleteTargetGroup"; targetGroupId: string; force: boolean }
  | { kind: "editTargetUser"; userId: string; status?: "active" | "inactive"; fields: FieldValues }
  | { kind: "removeTargetUser"; userId: string }
  | { kind: "addManualMember"; targetGroupId: string; userId: string }
  | { kind: "removeManualMember"; targetGroupId: string; userId: string }
  | { kind: "setCatalogue"; items: AutoEnrolmentItem[] }
  | { kind: "setAutoEnrolments"; targetGroupId: string; items: AutoEnrolmentItem[] }
  /** Undoes that a target group was made to enrol in an item no more; `stop` is the row of that, with the terms of then. */
  | { kind: "restoreItem"; targetGroupId: string; stop: { key: number; item: AutoEnrolmentItem } }
  /** Each by itself: one that is refused keeps none from being done. */
  | { kind: "reportProgress"; reports: ProgressReport[] }
  /** What these enrolments were to be completed by is past, as far as they are not. */
  | { kind: "setOverdue"; enrolmentIds: string[] }
  | { kind: "createWebhook"; webhook: NewWebhook }
  | { kind: "updateWebhook"; webhookId: string; change: WebhookChange }
  | { kind: "deleteWebhook"; webhookId: string }
  /** Members left out stay as they are. */
  | { kind: "changeCompany"; name?: string; externalId?: string | null; metadata?: CompanyMetadata }
  | { kind: "setQuotas"; quotas: { [Name in QuotaName]?: number | null } }
  | { kind: "deleteCompany" };

/** A token's row: its secret never leaves the door that made it. */
export interface NewToken {
  id: string;
  lastFour: string;
  expiresAt: number | null;
}

/** A client's secret, of which the writer gets no more than a hash. */
export interface NewClientSecret {
  id: string;
  lastFour: string;
  hash: string;
  expiresAt: number;
}

/** An OAuth client with its first secret. */
export interface NewClient {
  client: { id: string; name: string };
  secret: NewClientSecret;
}

/** A webhook to be made; its secret comes sealed. */
interface NewWebhook {
  id: string;
  url: string;
  allowsLoopback: boolean;
  types: string[] | null;
  secret: { id: string; sealed: string };
}

/** What an operator changes of a webhook; a new target brings its own answer to whether it may be loopback. */
interface WebhookChange {
  target?: { url: string; allowsLoopback: boolean };
  types?: string[] | null;
  isEnabled?: boolean;
}

/** Rows of the provisioning log whose requests changed nothing (reads, refusals), written with the next commit. */
interface LogOperation {
  kind: "log";
  entries: LogEntry[];
}

/** The next step that brings rows into the present form; only the writer itself asks for it. */
export interface RenewalOperation {
  kind: "renewRows";
  step: RenewalStep;
}

/** Everything that can be asked of a writer. */
export type Operation =
  | UserOperation
  | GroupOperation
  | BulkRequestOperation
  | ConfigurationOperation
  | LogOperation
  | FollowUpOperation
  | RenewalOperation;

/** What a door hands to the writer: the operation, its cause, and its row for the provisioning log. */
export interface WriteRequest<O = Operation> {
  operation: O;
  cause: Cause;
  /** The credential of the request, by the id of its row: its liveness is judged inside the commit's own read. */
  tokenId?: string;
  log?: LogEntry;
  /** Of a request with an Idempotency-Key: what it did is kept in its own commit. */
  once?: OnceRequest;
  /** How many values the request's body had. */
  values?: number;
  /** Whether the answer shows the members of the group that it is about. */
  showsMembers?: boolean;
  /** Whether the work that follows goes on without the answer once it has been about some: somebody looks at a page. */
  isInHurry?: boolean;
}

/** The outcome of one item of a Bulk request, in the order of the request. */
export interface BulkItemOutcome {
  /** As sent; absent when nothing was sent that could be one. */
  method?: string;
  bulkId?: string;
  resourceType?: "User" | "Group";
  id?: string;
  /** As its entity tag names it. */
  version?: string;
  status: number;
  refusal?: Refusal;
}

/** What an item of a Bulk request came to when it ran: its outcome, notes for the log, and how many attributes its PATCH changed. */
export interface BulkItemRun {
  outcome: BulkItemOutcome;
  /** Its user; null for a group, and for one that was refused. */
  person: NotedPerson | null;
  notes: readonly Note[];
  patchedAttributes: number;
  /** What it cost (ms of the company's share) when it was refused; 0 when it was not. */
  refusedTime: number;
}

/** What an operation came to. */
export type Outcome =
  | { kind: "user"; user: StoredUser }
  | { kind: "group"; group: StoredGroup }
  | { kind: "deleted"; label: string | null }
  /** Of a Bulk request; `refusedTime` is what its refused operations cost (ms of the company's share). */
  | { kind: "bulk"; items: BulkItemOutcome[]; refusedTime: number }
  /**
   * Of one operation of a Bulk request, null for one that was not run any more; the last one has the outcomes of all, and
   * the people whom they were about, by place.
   */
  | { kind: "bulkItem"; run: BulkItemRun | null; all?: BulkItemOutcome[]; people?: ReadonlyMap<number, NotedPerson> }
  /** A configuration operation; `id` and `key` are those of what it made, where it made something. */
  | { kind: "done"; id?: string; key?: number }
  /** Of reports of progress, in their order. */
  | { kind: "progress"; reports: ReportOutcome[] };

/** What an operation takes of a commit: one to itself, or so many named members, lists of members to be compared or moved, and users whose documents are read. */
export type Weight = "alone" | { members: number; lists: number; documents: number };

/** What one of the many operations of a request tried, and what came of it, as a row of the log would say it of a request. */
export type TriedPart = Pick<
  LogEntry,
  "settingId" | "method" | "status" | "code" | "resourceType" | "resourceId" | "label"
>;

/** An outcome, told only after its commit, or a refusal. */
export type WriteResult = { ok: true; outcome: Outcome } | ({ ok: false } & Refusal);
