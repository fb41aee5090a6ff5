// A client of the Rollcall management API, made from /api/v1/openapi.json by test/tools/write-client.ts. Do not edit it.

export type Problem = {
  type: string;
  title: string;
  status: number;
  /** Why, as a word: a client decides by it, and takes one that it does not know for the status. */
  code: string;
  detail: string;
  requestId: string;
  errors?: Array<{
    pointer: string;
    detail: string;
  }>;
};

export type Company = {
  id: string;
  name: string;
  externalId: string | null;
  metadata: Record<string, string | number | boolean>;
  createdAt: string;
};

export type CompanyInFull = {
  id: string;
  name: string;
  externalId: string | null;
  metadata: Record<string, string | number | boolean>;
  createdAt: string;
  /** What earlier changes left to be done in steps and was refused; it is tried again every ten minutes */
  heldUpWork: Array<{
    kind: string;
    /** Why it was refused, as the code of a problem */
    code: string;
    /** People or groups that it has not come to; null: it could not go on at all */
    leftOut: number | null;
    decidedAt: string;
  }>;
};

export type Quota = {
  name: string;
  limit: number;
  /** What companies have for which nothing else was set */
  usual: number;
  used: number | null;
  /** `near` from 80 % on */
  state: "free" | "near" | "reached";
};

export type ConsoleLink = {
  /** Left out of the answer to a repeated request */
  url?: string;
  expiresAt: string;
};

export type Field = {
  key: string;
  label: string;
  type: "text" | "number" | "date" | "boolean";
  standard: boolean;
  path: string | null;
};

export type ScimSetting = {
  id: string;
  name: string;
  provider: "entra" | "okta" | "onelogin" | "jumpcloud" | "keycloak" | "authentik" | "syncope" | "pingone" | "oracle" | "other";
  status: "active" | "paused" | "shadow";
  tenantUrl: string;
  fieldMappings: Array<{
    field: string;
    path: string;
  }>;
  groupSettings: {
    targetGroupId: string | null;
    targetGroupName: string | null;
    targetGroupScope: "everyone" | "ungrouped";
    criteria: "none" | "field" | "idp";
    field: string | null;
  };
  safeguards: {
    leavers: {
      people: number;
      percent: number;
    } | null;
    emptied: {
      people: number;
      percent: number;
    } | null;
    moves: {
      people: number;
      percent: number;
    } | null;
    group: {
      people: number;
      percent: number;
    } | null;
  };
  expected: {
    people: number;
    until: string;
  } | null;
  dialect: {
    putWithoutMembers: "keep" | "empty";
    showPagination: boolean;
  };
  users: {
    active: number;
    inactive: number;
  };
  groups: number;
  firstRequestAt: string | null;
  firstUserAt: string | null;
  firstGroupAt: string | null;
  lastRequestAt: string | null;
  sync: {
    /** `waiting`: no request has come yet. `failing`: the last one was refused. `quiet`: none was carried out for a day. */
    state: "waiting" | "active" | "quiet" | "failing";
    /** When a request was last carried out; null where none of the last was */
    lastSuccessAt: string | null;
    /** Requests refused within the last 24 hours, counted up to 1000 */
    failures24h: number;
  };
  createdAt: string;
  /** Null for a setting that is live; a paused one may be in shadow too */
  shadow: {
    /** Of the configuration that it would be done by; goes with go-live */
    version: string;
    /** Those who would be in a target group, new or with the e-mail of a target user, and those in none */
    people: {
      new: number;
      known: number;
      skipped: number;
    } | null;
    /** Target groups that would be made, and those that are there and would get people */
    groups: {
      new: number;
      fed: number;
    } | null;
    /** Null as `people` and `groups` are, where there are more than 1,000 people and the company's share of the database is used up: ask again later */
    enrolments: Array<{
      kind: "training" | "phishing";
      itemId: string;
      name: string;
      starts: number;
      ends: number;
    }> | null;
  } | null;
};

export type NewScimSetting = {
  id: string;
  name: string;
  provider: "entra" | "okta" | "onelogin" | "jumpcloud" | "keycloak" | "authentik" | "syncope" | "pingone" | "oracle" | "other";
  status: "active" | "paused" | "shadow";
  tenantUrl: string;
  fieldMappings: Array<{
    field: string;
    path: string;
  }>;
  groupSettings: {
    targetGroupId: string | null;
    targetGroupName: string | null;
    targetGroupScope: "everyone" | "ungrouped";
    criteria: "none" | "field" | "idp";
    field: string | null;
  };
  safeguards: {
    leavers: {
      people: number;
      percent: number;
    } | null;
    emptied: {
      people: number;
      percent: number;
    } | null;
    moves: {
      people: number;
      percent: number;
    } | null;
    group: {
      people: number;
      percent: number;
    } | null;
  };
  expected: {
    people: number;
    until: string;
  } | null;
  dialect: {
    putWithoutMembers: "keep" | "empty";
    showPagination: boolean;
  };
  users: {
    active: number;
    inactive: number;
  };
  groups: number;
  firstRequestAt: string | null;
  firstUserAt: string | null;
  firstGroupAt: string | null;
  lastRequestAt: string | null;
  sync: {
    /** `waiting`: no request has come yet. `failing`: the last one was refused. `quiet`: none was carried out for a day. */
    state: "waiting" | "active" | "quiet" | "failing";
    /** When a request was last carried out; null where none of the last was */
    lastSuccessAt: string | null;
    /** Requests refused within the last 24 hours, counted up to 1000 */
    failures24h: number;
  };
  createdAt: string;
  /** Null for a setting that is live; a paused one may be in shadow too */
  shadow: {
    /** Of the configuration that it would be done by; goes with go-live */
    version: string;
    /** Those who would be in a target group, new or with the e-mail of a target user, and those in none */
    people: {
      new: number;
      known: number;
      skipped: number;
    } | null;
    /** Target groups that would be made, and those that are there and would get people */
    groups: {
      new: number;
      fed: number;
    } | null;
    /** Null as `people` and `groups` are, where there are more than 1,000 people and the company's share of the database is used up: ask again later */
    enrolments: Array<{
      kind: "training" | "phishing";
      itemId: string;
      name: string;
      starts: number;
      ends: number;
    }> | null;
  } | null;
  token: NewToken;
};

export type Token = {
  id: string;
  lastFour: string;
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
  revokedAt: string | null;
};

export type NewToken = {
  id: string;
  lastFour: string;
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
  revokedAt: string | null;
  /** Left out of the answer to a repeated request */
  secret?: string;
};

export type OAuthClient = {
  id: string;
  clientId: string;
  name: string;
  tokenEndpoint: string;
  createdAt: string;
  revokedAt: string | null;
  secrets: Array<ClientSecret>;
};

export type NewOAuthClient = {
  id: string;
  clientId: string;
  name: string;
  tokenEndpoint: string;
  createdAt: string;
  revokedAt: string | null;
  secrets: Array<ClientSecret>;
  secret: NewClientSecret;
};

export type ClientSecret = {
  id: string;
  lastFour: string;
  createdAt: string;
  expiresAt: string;
  lastUsedAt: string | null;
  revokedAt: string | null;
  /** A younger secret of the client has been used since this one was: delete this one */
  superseded: boolean;
};

export type NewClientSecret = {
  id: string;
  lastFour: string;
  createdAt: string;
  expiresAt: string;
  lastUsedAt: string | null;
  revokedAt: string | null;
  /** A younger secret of the client has been used since this one was: delete this one */
  superseded: boolean;
  /** Left out of the answer to a repeated request */
  secret?: string;
};

export type Trust = {
  id: string;
  clientId: string;
  tokenEndpoint: string;
  issuer: string;
  subject: string;
  audience: string;
  jwksUrl: string;
  createdAt: string;
  lastUsedAt: string | null;
  revokedAt: string | null;
};

export type TargetUser = {
  id: string;
  /** The same for all target users with one e-mail, whatever its case; says nothing of the e-mail, and changes with it */
  personId: string;
  userName: string;
  externalId: string | null;
  displayName: string | null;
  status: "active" | "inactive";
  fields: Record<string, string | number | boolean | null>;
  managed: boolean;
  /** The hold by which it stays active, or stays at all */
  heldBy: string | null;
  /** Null of one that no setting manages: its setting was deleted, or its deletion kept */
  settingId: string | null;
  /** The SCIM setting was deleted with its users: this one goes in the steps under way, each told of by user.deleted, and cannot be changed any more */
  beingRemoved: boolean;
  createdAt: string;
  updatedAt: string;
};

export type TargetUserInFull = {
  id: string;
  /** The same for all target users with one e-mail, whatever its case; says nothing of the e-mail, and changes with it */
  personId: string;
  userName: string;
  externalId: string | null;
  displayName: string | null;
  status: "active" | "inactive";
  fields: Record<string, string | number | boolean | null>;
  managed: boolean;
  /** The hold by which it stays active, or stays at all */
  heldBy: string | null;
  /** Null of one that no setting manages: its setting was deleted, or its deletion kept */
  settingId: string | null;
  /** The SCIM setting was deleted with its users: this one goes in the steps under way, each told of by user.deleted, and cannot be changed any more */
  beingRemoved: boolean;
  createdAt: string;
  updatedAt: string;
  groups: Array<{
    id: string;
    name: string;
    reasons: Array<Reason>;
  }>;
  enrolments: Array<Enrolment>;
};

export type PersonExport = {
  exportedAt: string;
  company: {
    id: string;
    name: string;
  };
  user: TargetUserInFull;
  scimUser: Record<string, unknown>;
  scimGroups: Array<{
    id: string;
    displayName: string;
  }>;
  formerNames: Array<string>;
  changes: Array<Change>;
  requests: Array<LogEntryInFull>;
};

export type Progress = {
  /** `assigned` until something else is reported */
  status: "assigned" | "inProgress" | "completed" | "failed";
  /** From 0 to 100 */
  score: number | null;
  completedAt: string | null;
  /** By `dueInDays` of what enrolled the person, or as it was reported last */
  dueAt: string | null;
};

export type Enrolment = {
  id: string;
  /** The `personId` that its target user has now, also after another e-mail; once that user is deleted, one that names nobody */
  personId: string;
  userId: string;
  kind: "training" | "phishing";
  itemId: string;
  name: string;
  status: "active" | "withdrawn";
  /** Null while nothing was reported of it and it has no end; what is completed stays so, also when withdrawn */
  progress: Progress | null;
  /** Whether it was told to be overdue: `dueAt` has come and it is not completed. Of a withdrawn one as it was then. */
  overdue: boolean;
  startedAt: string;
  withdrawnAt: string | null;
  groupIds: Array<string>;
  requestId: string | null;
};

export type EnrolmentInFull = {
  id: string;
  /** The `personId` that its target user has now, also after another e-mail; once that user is deleted, one that names nobody */
  personId: string;
  userId: string;
  kind: "training" | "phishing";
  itemId: string;
  name: string;
  status: "active" | "withdrawn";
  /** Null while nothing was reported of it and it has no end; what is completed stays so, also when withdrawn */
  progress: Progress | null;
  /** Whether it was told to be overdue: `dueAt` has come and it is not completed. Of a withdrawn one as it was then. */
  overdue: boolean;
  startedAt: string;
  withdrawnAt: string | null;
  groupIds: Array<string>;
  requestId: string | null;
  why: Array<{
    id: string;
    name: string;
    reasons: Array<Reason>;
  }>;
  history: Array<Change>;
};

export type TargetGroup = {
  id: string;
  name: string;
  source: "manual" | "everyone" | "field" | "idp";
  memberCount: number;
  createdAt: string;
};

export type Member = {
  userId: string;
  userName: string;
  status: "active" | "inactive";
  reasons: Array<Reason>;
};

export type Reason = {
  kind: "manual" | "everyone" | "ungrouped" | "field" | "idp";
  settingId: string | null;
  detail: string;
  requestId: string | null;
  /** The hold by which it stays though its rule gives it no more */
  heldBy: string | null;
};

export type AutoEnrolment = {
  kind: "training" | "phishing";
  id: string;
  name: string;
  /** By when: so many days after the enrolment started, where this is set at that moment; the shortest of all groups that give it */
  dueInDays?: number;
  /** Whether somebody who completed the item and comes back is enrolled again: never where it is left out; `afterDays`: if it was completed so many days before */
  reenrol?: "always" | "never" | {
    afterDays: number;
  };
};

export type CatalogueItem = {
  kind: "training" | "phishing";
  id: string;
  name: string;
};

export type ItemsPreview = {
  enrolments: Array<{
    kind: "training" | "phishing";
    itemId: string;
    name: string;
    starts: number;
    ends: number;
  }>;
};

export type Preview = {
  joins: number;
  leaves: number;
  groups: {
    new: number;
    emptied: number;
  };
  /** Null where they cannot be told: persons would be known by another e-mail */
  enrolments: Array<{
    kind: "training" | "phishing";
    itemId: string;
    name: string;
    starts: number;
    ends: number;
  }> | null;
  changes: Array<{
    userId: string;
    userName: string;
    groupName: string;
    action: "join" | "leave";
  }>;
  nextCursor: string | null;
};

export type Hold = {
  id: string;
  settingId: string;
  kind: "leavers" | "emptied" | "moves" | "group";
  status: "open" | "closed";
  /** Goes with a decision, which is about what was recorded up to it */
  version: number;
  /** Those who wait now */
  people: number;
  outcome: {
    released: number;
    kept: number;
    dissolved: number;
  };
  causes: Array<{
    detail: string;
    requestIds: Array<string>;
    people: number;
  }>;
  openedAt: string;
  closedAt: string | null;
  decidedAt: string | null;
  decidedBy: {
    kind: "operator" | "console" | "api" | "system";
  } | null;
};

export type HeldEffect = {
  userId: string;
  userName: string;
  state: "waiting" | "kept";
  version: number;
  action: "deactivate" | "delete" | "leaveGroups";
  groups: Array<{
    id: string;
    name: string;
    requestId: string | null;
    /** In a move: the target group that takes its place, by name */
    to: string | null;
  }>;
  enrolments: Array<{
    kind: "training" | "phishing";
    itemId: string;
    name: string;
  }>;
};

export type AppliedLoss = {
  /** Null for somebody who was deleted and erased, which cannot be undone */
  userId: string | null;
  userName: string | null;
  /** Null: set inactive, or deleted */
  group: {
    id: string;
    name: string;
  } | null;
  lostAt: string;
  undoneAt: string | null;
  canBeUndone: boolean;
  /** Why it cannot be undone: it was; the person is erased; no setting manages the person; the person is inactive now; the target group is gone; the person is back by itself; something else of the person waits or was kept */
  obstacle: "undone" | "erased" | "unmanaged" | "inactive" | "groupGone" | "back" | "waiting" | null;
};

/** An entry of the change feed, as webhooks send it too. More types may follow: skip those you do not know. */
export type Change = CompanyCreatedChange | CompanyRenamedChange | CompanyDeletedChange | UserCreatedChange | UserUpdatedChange | UserDeactivatedChange | UserReactivatedChange | UserDeletedChange | GroupCreatedChange | GroupRenamedChange | GroupDeletedChange | MemberAddedChange | MemberRemovedChange | EnrolmentStartedChange | EnrolmentReassignedChange | EnrolmentProgressedChange | EnrolmentWithdrawnChange | AutoEnrolmentsChangedChange | SettingCreatedChange | SettingChangedChange | SettingPausedChange | SettingResumedChange | SettingDeletedChange | TokenCreatedChange | TokenRevokedChange | ClientCreatedChange | ClientRevokedChange | ClientSecretCreatedChange | ClientSecretRevokedChange | TrustCreatedChange | TrustRevokedChange | HoldOpenedChange | HoldClosedChange | AlertOpenedChange | AlertClosedChange;

export type ChangeCause = {
  /** The `X-Request-Id` of the request; `GET …/log/{requestId}` shows one by SCIM */
  requestId: string;
  /** `operator`: this API. `admin`: the console. */
  actor: "scim" | "operator" | "admin" | "system";
  /** The SCIM setting it came through */
  settingId: string | null;
  provider: "entra" | "okta" | "onelogin" | "jumpcloud" | "keycloak" | "authentik" | "syncope" | "pingone" | "oracle" | "other" | null;
  /** Of a membership and an enrolment: the rule that asked for it */
  rule: "manual" | "everyone" | "ungrouped" | "field" | "idp" | null;
};

export type ChangeSubject = {
  /** `company`, `user`, `group`, `enrolment`, `setting`, `token`, `client`, `client_secret`, `trust`, `hold` or `alert` */
  kind: string;
  id: string;
};

export type Feed = {
  items: Array<Change>;
  nextCursor: string | null;
  readTo: string;
};

export type FeedHead = {
  cursor: string;
};

export type SnapshotLine = SnapshotCursor | SnapshotUser | SnapshotGroup | SnapshotAutoEnrolment | SnapshotMember | SnapshotEnrolment | SnapshotEnd;

export type SnapshotCursor = {
  /** First line: from here on follow the feed with `after` */
  cursor: string;
};

export type SnapshotUser = {
  type: "user";
  user: TargetUser;
};

export type SnapshotGroup = {
  type: "group";
  group: TargetGroup;
};

export type SnapshotAutoEnrolment = {
  /** One item that a target group enrols its members in */
  type: "autoEnrolment";
  autoEnrolment: {
    kind: "training" | "phishing";
    id: string;
    name: string;
    /** By when: so many days after the enrolment started, where this is set at that moment; the shortest of all groups that give it */
    dueInDays?: number;
    /** Whether somebody who completed the item and comes back is enrolled again: never where it is left out; `afterDays`: if it was completed so many days before */
    reenrol?: "always" | "never" | {
      afterDays: number;
    };
    groupId: string;
  };
};

export type SnapshotMember = {
  type: "member";
  member: {
    groupId: string;
    userId: string;
  };
};

export type SnapshotEnrolment = {
  type: "enrolment";
  enrolment: Enrolment;
};

export type SnapshotEnd = {
  /** Last line: without it the snapshot broke off, and is to be taken anew */
  type: "end";
  users: number;
  groups: number;
  autoEnrolments: number;
  members: number;
  enrolments: number;
};

export type EnrolmentReport = {
  items: Array<{
    /** Null where they are not counted by it */
    kind: "training" | "phishing" | null;
    /** Null where they are not counted by it */
    itemId: string | null;
    /** The item's, as the youngest of them has it */
    name: string | null;
    /** Null where they are not counted by it */
    status: "active" | "withdrawn" | null;
    /** `assigned` while nothing was reported; only where they are counted by it */
    progress?: "assigned" | "inProgress" | "completed" | "failed";
    enrolments: number;
  }>;
};

export type PeopleReport = {
  items: Array<{
    /** In UTC; days without any change are here too */
    day: string;
    created: number;
    deactivated: number;
    reactivated: number;
    deleted: number;
  }>;
};

export type LogEntry = {
  id: string;
  settingId: string;
  time: string;
  method: string;
  path: string;
  resourceType: string | null;
  resourceId: string | null;
  label: string | null;
  outcome: "success" | "failure";
  status: number;
  code: string | null;
  scimType: string | null;
  detail: string | null;
  durationMs: number;
  notes: Array<Note>;
};

export type LogEntryInFull = {
  id: string;
  settingId: string;
  time: string;
  method: string;
  path: string;
  resourceType: string | null;
  resourceId: string | null;
  label: string | null;
  outcome: "success" | "failure";
  status: number;
  code: string | null;
  scimType: string | null;
  detail: string | null;
  durationMs: number;
  notes: Array<Note>;
  requestBody: string | null;
  responseBody: string | null;
};

export type Note = {
  /** What it is, one of: unknown_attribute, value_left_out, value_too_long, kept_active, members_kept, members_not_sent, nothing_named, beside_operations, value_ignored, primary_twice, one_of_several, nothing_removed, emptied, name_too_long, name_shared, renewal_withdraws, name_kept, near_quota, mass_removal, mass_change, held, name_held, rename_withdraws, more, text. More may follow. */
  kind: string;
  /** The attribute it is about, as it was sent; in a Bulk request after its operation, from 0: Operations[3].data.title */
  path: string | null;
  /** What was sent there, cut; null of groups, of refused requests, in lists of a Bulk request, and once the person is erased; of name_held the id of who has the name */
  value: string | null;
};

export type Webhook = {
  id: string;
  url: string;
  types: Array<string> | null;
  enabled: boolean;
  status: "active" | "failing" | "disabled";
  cursor: string;
  behind: number;
  failure: {
    code: string | null;
    detail: string;
    attempts: number;
    since: string | null;
    nextAttemptAt: string | null;
  } | null;
  lastDeliveredAt: string | null;
  secrets: Array<{
    createdAt: string;
    expiresAt: string | null;
  }>;
  createdAt: string;
};

export type NewWebhook = {
  id: string;
  url: string;
  types: Array<string> | null;
  enabled: boolean;
  status: "active" | "failing" | "disabled";
  cursor: string;
  behind: number;
  failure: {
    code: string | null;
    detail: string;
    attempts: number;
    since: string | null;
    nextAttemptAt: string | null;
  } | null;
  lastDeliveredAt: string | null;
  secrets: Array<{
    createdAt: string;
    expiresAt: string | null;
  }>;
  createdAt: string;
  /** Left out of the answer to a repeated request */
  secret?: string;
};

export type Delivery = {
  id: string;
  cursor: string;
  type: string;
  status: "delivered" | "retrying" | "failed";
  attempts: number;
  responseStatus: number | null;
  responseBody: string | null;
  errorCode: string | null;
  error: string | null;
  durationMs: number;
  firstAttemptAt: string;
  lastAttemptAt: string;
  deliveredAt: string | null;
  resendRequestedAt: string | null;
};

export type Alert = {
  id: string;
  kind: "hold" | "silent" | "failing" | "credential_ending" | "credential_ended" | "no_credential" | "quota" | "webhook";
  status: "open" | "dismissed" | "closed";
  /** Null for one that is about the company */
  settingId: string | null;
  title: string;
  detail: string;
  since: string;
  lastSeenAt: string;
  /** Refused writes, people of a hold; 1 for others */
  count: number;
  /** Its page in the console */
  link: string;
  /** Of refused writes: why they were refused */
  code: string | null;
  /** Of refused writes: the latest of them, in the provisioning log */
  requestIds: Array<string>;
  dismissedAt: string | null;
  closedAt: string | null;
};

export type AlertChannel = {
  id: string;
  kind: "email" | "chat";
  to: string;
  status: "ready" | "unconfirmed";
  confirmedAt: string | null;
  lastSentAt: string | null;
  /** Why the latest message could not be sent */
  failure: string | null;
  createdAt: string;
};

export type ReportedEnrolment = {
  /** As sent; null where none was */
  enrolmentId: string | null;
  result: "changed" | "unchanged" | "refused";
  /** How it stands; null of one that was refused */
  progress: Progress | null;
  /** Whether it was told to be overdue: `dueAt` has come and it is not completed. Of a withdrawn one as it was then. */
  overdue: boolean;
  /** Why it was refused; null of one that was not */
  problem: {
    status: number;
    /** Why, as a word: a client decides by it, and takes one that it does not know for the status. */
    code: string;
    detail: string;
    errors?: Array<{
      pointer: string;
      detail: string;
    }>;
  } | null;
};

export type CompanyCreatedChange = {
  type: "company.created";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    name: string;
    externalId: string | null;
  };
  cause: ChangeCause;
};

export type CompanyRenamedChange = {
  type: "company.renamed";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    name: string;
    oldName: string;
  };
  cause: ChangeCause;
};

export type CompanyDeletedChange = {
  type: "company.deleted";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    name: string;
  };
  cause: ChangeCause;
};

export type UserCreatedChange = {
  type: "user.created";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    settingId: string;
    status: "active" | "inactive";
    /** When its SCIM user was made, where that was earlier: its setting was in shadow then */
    createdAt?: string;
    userName: string;
    externalId: string | null;
    displayName: string | null;
    /** Not in changes that Rollcall made before it had `personId` */
    personId?: string;
    /** By the keys of fields; those without a value may be left out */
    fields: Record<string, string | number | boolean | null>;
  } | {
    settingId: string;
    status: "active" | "inactive";
    /** When its SCIM user was made, where that was earlier: its setting was in shadow then */
    createdAt?: string;
    /** The user was deleted since: what it was called and known by is left out */
    erased: true;
  };
  cause: ChangeCause;
};

export type UserUpdatedChange = {
  type: "user.updated";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    userName?: string;
    /** By name, what a GET of the target user shows otherwise than before: `userName`, `externalId`, `displayName`, `personId`, `settingId`, and the keys of fields (`fields.` before a key that is one of these names) */
    changed: Record<string, {
      old: string | number | boolean | null;
      new: string | number | boolean | null;
    }>;
  } | {
    /** The user was deleted since: what it was called and known by is left out */
    erased: true;
  };
  cause: ChangeCause;
};

export type UserDeactivatedChange = {
  type: "user.deactivated";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    userName: string;
  } | {
    /** The user was deleted since: what it was called and known by is left out */
    erased: true;
  };
  cause: ChangeCause;
};

export type UserReactivatedChange = {
  type: "user.reactivated";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    userName: string;
  } | {
    /** The user was deleted since: what it was called and known by is left out */
    erased: true;
  };
  cause: ChangeCause;
};

export type UserDeletedChange = {
  type: "user.deleted";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    /** The user was deleted since: what it was called and known by is left out */
    erased: true;
  };
  cause: ChangeCause;
};

export type GroupCreatedChange = {
  type: "group.created";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    name: string;
    source: "manual" | "everyone" | "field" | "idp";
  };
  cause: ChangeCause;
};

export type GroupRenamedChange = {
  type: "group.renamed";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    name: string;
    oldName: string;
    source?: "manual" | "everyone" | "field" | "idp";
  };
  cause: ChangeCause;
};

export type GroupDeletedChange = {
  type: "group.deleted";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    name: string;
  };
  cause: ChangeCause;
};

export type MemberAddedChange = {
  type: "member.added";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    groupId: string | null;
    groupName: string | null;
    userName: string;
  } | {
    groupId: string | null;
    groupName: string | null;
    /** The user was deleted since: what it was called and known by is left out */
    erased: true;
  };
  cause: ChangeCause;
};

export type MemberRemovedChange = {
  type: "member.removed";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    groupId: string | null;
    groupName: string | null;
    userName: string;
  } | {
    groupId: string | null;
    groupName: string | null;
    /** The user was deleted since: what it was called and known by is left out */
    erased: true;
  };
  cause: ChangeCause;
};

export type EnrolmentStartedChange = {
  type: "enrolment.started";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    userId: string;
    kind: "training" | "phishing";
    itemId: string;
    name: string;
    /** The target groups that give it */
    groups: Array<{
      id: string;
      name: string;
    }>;
    /** Only of one that has an end */
    progress?: Progress;
    /** Not in changes that Rollcall made before it had `personId` */
    personId?: string;
    email: string | null;
    externalId: string | null;
  } | {
    userId: string;
    kind: "training" | "phishing";
    itemId: string;
    name: string;
    /** The target groups that give it */
    groups: Array<{
      id: string;
      name: string;
    }>;
    /** Only of one that has an end */
    progress?: Progress;
    /** The user was deleted since: what it was called and known by is left out */
    erased: true;
  };
  cause: ChangeCause;
};

export type EnrolmentReassignedChange = {
  type: "enrolment.reassigned";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    userId: string;
    kind: "training" | "phishing";
    itemId: string;
    name: string;
    /** The target groups that give it */
    groups: Array<{
      id: string;
      name: string;
    }>;
    /** Whose it was: another target user of the same person */
    oldUserId: string;
    /** Not in changes that Rollcall made before it had `personId` */
    personId?: string;
    email: string | null;
    externalId: string | null;
  } | {
    userId: string;
    kind: "training" | "phishing";
    itemId: string;
    name: string;
    /** The target groups that give it */
    groups: Array<{
      id: string;
      name: string;
    }>;
    /** Whose it was: another target user of the same person */
    oldUserId: string;
    /** The user was deleted since: what it was called and known by is left out */
    erased: true;
  };
  cause: ChangeCause;
};

export type EnrolmentProgressedChange = {
  type: "enrolment.progressed";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    userId: string;
    kind: "training" | "phishing";
    itemId: string;
    name: string;
    progress: Progress | null;
    /** Whether it was told to be overdue: `dueAt` has come and it is not completed. Of a withdrawn one as it was then. */
    overdue: boolean;
    /** Not in changes that Rollcall made before it had `personId` */
    personId?: string;
  } | {
    userId: string;
    kind: "training" | "phishing";
    itemId: string;
    name: string;
    progress: Progress | null;
    /** Whether it was told to be overdue: `dueAt` has come and it is not completed. Of a withdrawn one as it was then. */
    overdue: boolean;
    /** The user was deleted since: what it was called and known by is left out */
    erased: true;
  };
  cause: ChangeCause;
};

export type EnrolmentWithdrawnChange = {
  type: "enrolment.withdrawn";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    userId: string;
    kind: "training" | "phishing";
    itemId: string;
    name: string;
    /** Not in changes that Rollcall made before it had `personId` */
    personId?: string;
  } | {
    userId: string;
    kind: "training" | "phishing";
    itemId: string;
    name: string;
    /** The user was deleted since: what it was called and known by is left out */
    erased: true;
  };
  cause: ChangeCause;
};

export type AutoEnrolmentsChangedChange = {
  type: "auto_enrolments.changed";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    groupId: string;
    groupName: string;
    /** All items of the group, in no order; open enrolments of these items, which are not completed, have the names given here from now on */
    items: Array<AutoEnrolment>;
  };
  cause: ChangeCause;
};

export type SettingCreatedChange = {
  type: "setting.created";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    name: string;
    provider: "entra" | "okta" | "onelogin" | "jumpcloud" | "keycloak" | "authentik" | "syncope" | "pingone" | "oracle" | "other";
    groupSettings: {
      targetGroupId?: string;
      targetGroupName?: string;
      targetGroupScope?: "everyone" | "ungrouped";
      criteria: "none" | "field" | "idp";
      field?: string;
    };
    /** Only of one that starts in shadow */
    status?: "shadow";
  };
  cause: ChangeCause;
};

export type SettingChangedChange = {
  type: "setting.changed";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    name: string;
    /** Names of members that are others now; `status` when it goes live */
    changed: Array<string>;
  };
  cause: ChangeCause;
};

export type SettingPausedChange = {
  type: "setting.paused";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    name: string;
  };
  cause: ChangeCause;
};

export type SettingResumedChange = {
  type: "setting.resumed";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    name: string;
  };
  cause: ChangeCause;
};

export type SettingDeletedChange = {
  type: "setting.deleted";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    name: string;
    /** `keep`: the `settingId` of its users is null from now on; no `user.updated` says so of each */
    users: "keep" | "remove";
  };
  cause: ChangeCause;
};

export type TokenCreatedChange = {
  type: "token.created";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    settingId: string;
    lastFour: string;
    expiresAt: string | null;
  };
  cause: ChangeCause;
};

export type TokenRevokedChange = {
  type: "token.revoked";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    settingId: string;
  };
  cause: ChangeCause;
};

export type ClientCreatedChange = {
  type: "client.created";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    settingId: string;
    clientId: string;
    name: string;
  };
  cause: ChangeCause;
};

export type ClientRevokedChange = {
  type: "client.revoked";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    settingId: string;
    clientId: string;
  };
  cause: ChangeCause;
};

export type ClientSecretCreatedChange = {
  type: "client_secret.created";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    settingId: string;
    clientId: string;
    lastFour: string;
    expiresAt: string | null;
  };
  cause: ChangeCause;
};

export type ClientSecretRevokedChange = {
  type: "client_secret.revoked";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    settingId: string;
    clientId: string;
  };
  cause: ChangeCause;
};

export type TrustCreatedChange = {
  type: "trust.created";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    settingId: string;
    clientId: string;
    issuer: string;
    subject: string;
    audience: string;
  };
  cause: ChangeCause;
};

export type TrustRevokedChange = {
  type: "trust.revoked";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    settingId: string;
    clientId: string;
  };
  cause: ChangeCause;
};

export type HoldOpenedChange = {
  type: "hold.opened";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    settingId: string;
    kind: "leavers" | "emptied" | "moves" | "group";
  };
  cause: ChangeCause;
};

export type HoldClosedChange = {
  type: "hold.closed";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    settingId: string | null;
    kind: "leavers" | "emptied" | "moves" | "group";
    outcome: {
      released: number;
      kept: number;
      dissolved: number;
    };
  };
  cause: ChangeCause;
};

export type AlertOpenedChange = {
  type: "alert.opened";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    kind: "hold" | "silent" | "failing" | "credential_ending" | "credential_ended" | "no_credential" | "quota" | "webhook";
    settingId: string | null;
    title: string;
    detail: string;
    count: number;
    /** Its page in the console, from the root of the deployment's address */
    link: string;
  };
  cause: ChangeCause;
};

export type AlertClosedChange = {
  type: "alert.closed";
  /** Of this change alone, also after a restore of the database: what a webhook sends twice has it twice */
  id: string;
  /** Its place in the feed: `after` it comes the next one */
  cursor: string;
  /** Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know. */
  schemaVersion: 1;
  time: string;
  companyId: string;
  subject: ChangeSubject;
  data: {
    kind: "hold" | "silent" | "failing" | "credential_ending" | "credential_ended" | "no_credential" | "quota" | "webhook";
    settingId: string | null;
    title: string;
    detail: string;
    count: number;
    /** Its page in the console, from the root of the deployment's address */
    link: string;
  };
  cause: ChangeCause;
};

export type CompanyPage = {
  items: Array<Company>;
  /** Goes into `cursor` of the next request; null on the last page */
  nextCursor: string | null;
};

export type QuotaPage = {
  items: Array<Quota>;
  /** Goes into `cursor` of the next request; null on the last page */
  nextCursor: string | null;
};

export type FieldPage = {
  items: Array<Field>;
  /** Goes into `cursor` of the next request; null on the last page */
  nextCursor: string | null;
};

export type ScimSettingPage = {
  items: Array<ScimSetting>;
  /** Goes into `cursor` of the next request; null on the last page */
  nextCursor: string | null;
};

export type PreviewDeletionScimSettingAnswer = {
  /** How many would be removed */
  people: number;
  /** How many wait in holds: they are not removed before they are decided */
  waiting: number;
  joins: number;
  leaves: number;
  groups: {
    new: number;
    emptied: number;
  };
  enrolments: Array<{
    kind: "training" | "phishing";
    itemId: string;
    name: string;
    starts: number;
    ends: number;
  }>;
};

export type TokenPage = {
  items: Array<Token>;
  /** Goes into `cursor` of the next request; null on the last page */
  nextCursor: string | null;
};

export type OAuthClientPage = {
  items: Array<OAuthClient>;
  /** Goes into `cursor` of the next request; null on the last page */
  nextCursor: string | null;
};

export type TrustPage = {
  items: Array<Trust>;
  /** Goes into `cursor` of the next request; null on the last page */
  nextCursor: string | null;
};

export type TargetUserPage = {
  items: Array<TargetUser>;
  /** Goes into `cursor` of the next request; null on the last page */
  nextCursor: string | null;
};

export type HoldPage = {
  items: Array<Hold>;
  /** Goes into `cursor` of the next request; null on the last page */
  nextCursor: string | null;
};

export type HeldEffectPage = {
  items: Array<HeldEffect>;
  /** Goes into `cursor` of the next request; null on the last page */
  nextCursor: string | null;
};

export type AppliedLossPage = {
  items: Array<AppliedLoss>;
  /** Goes into `cursor` of the next request; null on the last page */
  nextCursor: string | null;
};

export type AlertPage = {
  items: Array<Alert>;
  /** Goes into `cursor` of the next request; null on the last page */
  nextCursor: string | null;
};

export type AlertChannelPage = {
  items: Array<AlertChannel>;
  /** Goes into `cursor` of the next request; null on the last page */
  nextCursor: string | null;
};

export type TestAlertChannelAnswer = {
  sent: boolean;
  failure: string | null;
};

export type AnnouncePlannedWorkAnswer = {
  until: string | null;
  note: string | null;
};

export type TargetGroupPage = {
  items: Array<TargetGroup>;
  /** Goes into `cursor` of the next request; null on the last page */
  nextCursor: string | null;
};

export type MemberPage = {
  items: Array<Member>;
  /** Goes into `cursor` of the next request; null on the last page */
  nextCursor: string | null;
};

export type AutoEnrolmentPage = {
  items: Array<AutoEnrolment>;
  /** Goes into `cursor` of the next request; null on the last page */
  nextCursor: string | null;
};

export type ReplaceAutoEnrolmentsAnswer = AutoEnrolmentPage | ItemsPreview;

export type EnrolmentPage = {
  items: Array<Enrolment>;
  /** Goes into `cursor` of the next request; null on the last page */
  nextCursor: string | null;
};

export type ReportProgressAnswer = {
  id: string;
  /** The `personId` that its target user has now, also after another e-mail; once that user is deleted, one that names nobody */
  personId: string;
  userId: string;
  kind: "training" | "phishing";
  itemId: string;
  name: string;
  status: "active" | "withdrawn";
  /** Null while nothing was reported of it and it has no end; what is completed stays so, also when withdrawn */
  progress: Progress | null;
  /** Whether it was told to be overdue: `dueAt` has come and it is not completed. Of a withdrawn one as it was then. */
  overdue: boolean;
  startedAt: string;
  withdrawnAt: string | null;
  groupIds: Array<string>;
  requestId: string | null;
  /** `unchanged`: it stood so before, and the feed tells nothing of it */
  result: "changed" | "unchanged";
};

export type ReportProgressOfManyAnswer = {
  items: Array<ReportedEnrolment>;
};

export type CatalogueItemPage = {
  items: Array<CatalogueItem>;
  /** Goes into `cursor` of the next request; null on the last page */
  nextCursor: string | null;
};

export type LogEntryPage = {
  items: Array<LogEntry>;
  /** Goes into `cursor` of the next request; null on the last page */
  nextCursor: string | null;
};

export type WebhookPage = {
  items: Array<Webhook>;
  /** Goes into `cursor` of the next request; null on the last page */
  nextCursor: string | null;
};

export type DeliveryPage = {
  items: Array<Delivery>;
  /** Goes into `cursor` of the next request; null on the last page */
  nextCursor: string | null;
};

export type CreateCompanyBody = {
  name: string;
  /** What you call the company yourself; Rollcall keeps it and does not ask that it is unique. */
  externalId?: string | null;
  /** What you want kept with the company, by names of your own: up to 50 texts, numbers and booleans. */
  metadata?: Record<string, string | number | boolean>;
};

export type UpdateCompanyBody = {
  name?: string;
  /** What you call the company yourself; Rollcall keeps it and does not ask that it is unique. */
  externalId?: string | null;
  /** What you want kept with the company, by names of your own: up to 50 texts, numbers and booleans. */
  metadata?: Record<string, string | number | boolean>;
};

export type UpdateQuotasBody = {
  textPerUser?: number | null;
  valuesPerBody?: number | null;
  people?: number | null;
  credentialsPerSetting?: number | null;
  settings?: number | null;
  fields?: number | null;
  webhooks?: number | null;
};

export type CreateConsoleLinkBody = {
  expiresInMinutes?: number;
};

export type CreateFieldBody = {
  key: string;
  label: string;
  type: "text" | "number" | "date" | "boolean";
};

export type CreateScimSettingBody = {
  name: string;
  provider: "entra" | "okta" | "onelogin" | "jumpcloud" | "keycloak" | "authentik" | "syncope" | "pingone" | "oracle" | "other";
  fieldMappings?: Array<{
    field: string;
    path: string;
  }>;
  groupSettings: {
    targetGroupId?: string | null;
    targetGroupName?: string | null;
    targetGroupScope?: "everyone" | "ungrouped";
    criteria: "none" | "field" | "idp";
    field?: string | null;
  };
  /** In shadow SCIM works in full, and nothing of it shows until the setting goes live; live when left out */
  mode?: "live" | "shadow";
  dialect?: {
    putWithoutMembers?: "keep" | "empty";
    showPagination?: boolean;
  };
  safeguards?: {
    leavers?: {
      people: number;
      percent: number;
    } | null;
    emptied?: {
      people: number;
      percent: number;
    } | null;
    moves?: {
      people: number;
      percent: number;
    } | null;
    group?: {
      people: number;
      percent: number;
    } | null;
  };
};

export type UpdateScimSettingBody = {
  name?: string;
  provider?: "entra" | "okta" | "onelogin" | "jumpcloud" | "keycloak" | "authentik" | "syncope" | "pingone" | "oracle" | "other";
  fieldMappings?: Array<{
    field: string;
    path: string;
  }>;
  groupSettings?: {
    targetGroupId?: string | null;
    targetGroupName?: string | null;
    targetGroupScope?: "everyone" | "ungrouped";
    criteria: "none" | "field" | "idp";
    field?: string | null;
  };
  dialect?: {
    putWithoutMembers?: "keep" | "empty";
    showPagination?: boolean;
  };
  safeguards?: {
    leavers?: {
      people: number;
      percent: number;
    } | null;
    emptied?: {
      people: number;
      percent: number;
    } | null;
    moves?: {
      people: number;
      percent: number;
    } | null;
    group?: {
      people: number;
      percent: number;
    } | null;
  };
  expected?: {
    people: number;
    until: string;
  } | null;
  /** Leave people who wait in a hold as they are */
  holds?: "leave";
};

export type GoLiveScimSettingBody = {
  version: string;
};

export type PreviewDeletionScimSettingBody = {
  users: "keep" | "remove";
};

export type CreateTokenBody = {
  /** In the future, 100 years ahead at most */
  expiresAt?: string | null;
};

export type CreateClientBody = {
  name?: string | null;
  /** In the future, 10 years ahead at most */
  expiresAt?: string | null;
};

export type CreateSecretBody = {
  /** In the future, 10 years ahead at most */
  expiresAt?: string | null;
};

export type CreateTrustBody = {
  issuer: string;
  subject: string;
  audience: string;
  jwksUrl?: string | null;
};

export type UpdateTargetUserBody = {
  status?: "active" | "inactive";
  fields?: Record<string, string | number | boolean | null>;
};

export type ReleaseHoldBody = {
  version: number;
  userIds?: Array<string>;
};

export type UndoHoldBody = {
  userIds?: Array<string>;
};

export type ReplaceAlertChannelsBody = Array<{
  kind: "email" | "chat";
  to: string;
}>;

export type AnnouncePlannedWorkBody = {
  until: string | null;
  note?: string;
};

export type CreateTargetGroupBody = {
  /** At most 256 characters (Unicode code points), outer white space not counted */
  name: string;
};

export type ReplaceAutoEnrolmentsBody = Array<{
  kind: "training" | "phishing";
  id: string;
  name: string;
  /** By when: so many days after the enrolment started, where this is set at that moment; the shortest of all groups that give it */
  dueInDays?: number;
  /** Whether somebody who completed the item and comes back is enrolled again: never where it is left out; `afterDays`: if it was completed so many days before */
  reenrol?: "always" | "never" | {
    afterDays: number;
  };
}> | {
  items: Array<{
    kind: "training" | "phishing";
    id: string;
    name: string;
    /** By when: so many days after the enrolment started, where this is set at that moment; the shortest of all groups that give it */
    dueInDays?: number;
    /** Whether somebody who completed the item and comes back is enrolled again: never where it is left out; `afterDays`: if it was completed so many days before */
    reenrol?: "always" | "never" | {
      afterDays: number;
    };
  }>;
};

export type ReportProgressBody = {
  status: "assigned" | "inProgress" | "completed" | "failed";
  /** From 0 to 100; one that is left out is taken away, as null does */
  score?: number | null;
  /** Of what is completed alone, and at most five minutes in the future; now, or what it was, where it is left out */
  completedAt?: string | null;
  /** Moves the end; null takes it away, and left out it stays as it is */
  dueAt?: string | null;
};

export type ReportProgressOfManyBody = {
  items: Array<{
    enrolmentId: string;
    status: "assigned" | "inProgress" | "completed" | "failed";
    /** From 0 to 100; one that is left out is taken away, as null does */
    score?: number | null;
    /** Of what is completed alone, and at most five minutes in the future; now, or what it was, where it is left out */
    completedAt?: string | null;
    /** Moves the end; null takes it away, and left out it stays as it is */
    dueAt?: string | null;
  }>;
};

export type ReplaceCatalogueBody = Array<{
  kind: "training" | "phishing";
  id: string;
  name: string;
}> | {
  items: Array<{
    kind: "training" | "phishing";
    id: string;
    name: string;
  }>;
};

export type CreateWebhookBody = {
  url: string;
  types?: Array<"company.created" | "company.renamed" | "company.deleted" | "user.created" | "user.updated" | "user.deactivated" | "user.reactivated" | "user.deleted" | "group.created" | "group.renamed" | "group.deleted" | "member.added" | "member.removed" | "enrolment.started" | "enrolment.reassigned" | "enrolment.progressed" | "enrolment.withdrawn" | "auto_enrolments.changed" | "setting.created" | "setting.changed" | "setting.paused" | "setting.resumed" | "setting.deleted" | "token.created" | "token.revoked" | "client.created" | "client.revoked" | "client_secret.created" | "client_secret.revoked" | "trust.created" | "trust.revoked" | "hold.opened" | "hold.closed" | "alert.opened" | "alert.closed"> | null;
};

export type UpdateWebhookBody = {
  url?: string;
  types?: Array<"company.created" | "company.renamed" | "company.deleted" | "user.created" | "user.updated" | "user.deactivated" | "user.reactivated" | "user.deleted" | "group.created" | "group.renamed" | "group.deleted" | "member.added" | "member.removed" | "enrolment.started" | "enrolment.reassigned" | "enrolment.progressed" | "enrolment.withdrawn" | "auto_enrolments.changed" | "setting.created" | "setting.changed" | "setting.paused" | "setting.resumed" | "setting.deleted" | "token.created" | "token.revoked" | "client.created" | "client.revoked" | "client_secret.created" | "client_secret.revoked" | "trust.created" | "trust.revoked" | "hold.opened" | "hold.closed" | "alert.opened" | "alert.closed"> | null;
  enabled?: boolean;
};

export type RotateWebhookSecretBody = {
  overlapHours?: number;
};

export type ResumeWebhookBody = {
  from?: "cursor" | "oldest" | "now";
};

/** Where the API is, and the operator key; `fetch` is the platform's where it is not given. */
export interface Access {
  baseUrl: string;
  operatorKey: string;
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

/** A refusal, with the problem that says why. */
export class Refused extends Error {
  readonly problem: Problem;
  /** How many seconds to wait before it is sent again, where the answer says so. */
  readonly retryAfter: number | null;

  constructor(problem: Problem, retryAfter: number | null) {
    super(`${problem.code}: ${problem.detail}`);
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

/** What an operation was given: parameters of its path and query by name, its body, its Idempotency-Key. */
type Given = Record<string, unknown>;

async function ask(access: Access, method: string, path: string, given: Given, query: string[]): Promise<Response> {
  const url = new URL(access.baseUrl + path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(given[name]))));
  for (const name of query) if (given[name] !== undefined) url.searchParams.set(name, String(given[name]));
  const headers: Record<string, string> = { Authorization: `Bearer ${access.operatorKey}` };
  if (given.body !== undefined) headers["Content-Type"] = "application/json";
  if (given.idempotencyKey !== undefined) headers["Idempotency-Key"] = String(given.idempotencyKey);
  const body = given.body === undefined ? undefined : JSON.stringify(given.body);
  const response = await (access.fetch ?? fetch)(url.href, { method, headers, body });
  if (response.ok) return response;
  const retryAfter = response.headers.get("Retry-After");
  throw new Refused((await response.json()) as Problem, retryAfter === null ? null : Number(retryAfter));
}

async function send<Answer>(access: Access, method: string, path: string, given: Given, query: string[]): Promise<Answer> {
  const text = await (await ask(access, method, path, given, query)).text();
  return (text === "" ? undefined : JSON.parse(text)) as Answer;
}

async function readText(access: Access, method: string, path: string, given: Given, query: string[]): Promise<string> {
  return (await ask(access, method, path, given, query)).text();
}

async function* readLines<Line>(access: Access, method: string, path: string, given: Given, query: string[]): AsyncGenerator<Line> {
  const { body } = await ask(access, method, path, given, query);
  if (body === null) return;
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    const lines = (rest + (done ? decoder.decode() : decoder.decode(value, { stream: true }))).split("\n");
    rest = done ? "" : (lines.pop() ?? "");
    for (const line of lines) if (line !== "") yield JSON.parse(line) as Line;
    if (done) return;
  }
}

/** The operations of the API, by their names. */
export function createClient(access: Access) {
  return {
    /** This description */
    getOpenApi: () => send<Record<string, unknown>>(access, "GET", "/openapi.json", {}, []),
    /** What a code of a problem means */
    getProblem: (given: { code: string }) => readText(access, "GET", "/problems/{code}", given, []),
    /** List the companies */
    listCompanies: (given: { limit?: number; cursor?: string; externalId?: string; name?: string } = {}) => send<CompanyPage>(access, "GET", "/companies", given, ["limit","cursor","externalId","name"]),
    /** Make a company */
    createCompany: (given: { body: CreateCompanyBody; idempotencyKey?: string }) => send<Company>(access, "POST", "/companies", given, []),
    /** One company */
    getCompany: (given: { companyId: string }) => send<CompanyInFull>(access, "GET", "/companies/{companyId}", given, []),
    /** Change a company */
    updateCompany: (given: { companyId: string; body?: UpdateCompanyBody }) => send<Company>(access, "PATCH", "/companies/{companyId}", given, []),
    /** Delete a company with all it has */
    deleteCompany: (given: { companyId: string }) => send<void>(access, "DELETE", "/companies/{companyId}", given, []),
    /** What the company may have, and how much of it is used */
    listQuotas: (given: { companyId: string }) => send<QuotaPage>(access, "GET", "/companies/{companyId}/quotas", given, []),
    /** Set quotas of the company; null gives one back to what all companies have */
    updateQuotas: (given: { companyId: string; body?: UpdateQuotasBody }) => send<QuotaPage>(access, "PATCH", "/companies/{companyId}/quotas", given, []),
    /** Make a one-time sign-in link to the company's console */
    createConsoleLink: (given: { companyId: string; body?: CreateConsoleLinkBody; idempotencyKey?: string }) => send<ConsoleLink>(access, "POST", "/companies/{companyId}/console-links", given, []),
    /** List the standard and custom fields */
    listFields: (given: { companyId: string }) => send<FieldPage>(access, "GET", "/companies/{companyId}/fields", given, []),
    /** Define a custom field */
    createField: (given: { companyId: string; body: CreateFieldBody; idempotencyKey?: string }) => send<Field>(access, "POST", "/companies/{companyId}/fields", given, []),
    /** Delete a custom field, with its mappings and values */
    deleteField: (given: { companyId: string; fieldKey: string }) => send<void>(access, "DELETE", "/companies/{companyId}/fields/{fieldKey}", given, []),
    /** List the SCIM settings */
    listScimSettings: (given: { companyId: string; limit?: number; cursor?: string }) => send<ScimSettingPage>(access, "GET", "/companies/{companyId}/scim-settings", given, ["limit","cursor"]),
    /** Make a SCIM setting; the answer carries its first token's secret, and no other does */
    createScimSetting: (given: { companyId: string; body: CreateScimSettingBody; idempotencyKey?: string }) => send<NewScimSetting>(access, "POST", "/companies/{companyId}/scim-settings", given, []),
    /** One SCIM setting */
    getScimSetting: (given: { companyId: string; settingId: string }) => send<ScimSetting>(access, "GET", "/companies/{companyId}/scim-settings/{settingId}", given, []),
    /** Change a SCIM setting; members given replace the old ones whole */
    updateScimSetting: (given: { companyId: string; settingId: string; body?: UpdateScimSettingBody }) => send<ScimSetting>(access, "PATCH", "/companies/{companyId}/scim-settings/{settingId}", given, []),
    /** Delete a SCIM setting, keeping its users (the default) or removing them */
    deleteScimSetting: (given: { companyId: string; settingId: string; users?: "keep" | "remove"; holds?: "leave" }) => send<void>(access, "DELETE", "/companies/{companyId}/scim-settings/{settingId}", given, ["users","holds"]),
    /** Pause: its tokens answer 403 */
    pauseScimSetting: (given: { companyId: string; settingId: string; holds?: "leave"; idempotencyKey?: string }) => send<ScimSetting>(access, "POST", "/companies/{companyId}/scim-settings/{settingId}/pause", given, ["holds"]),
    /** Resume a paused setting */
    resumeScimSetting: (given: { companyId: string; settingId: string; idempotencyKey?: string }) => send<ScimSetting>(access, "POST", "/companies/{companyId}/scim-settings/{settingId}/resume", given, []),
    /** Have a setting in shadow go live */
    goLiveScimSetting: (given: { companyId: string; settingId: string; body: GoLiveScimSettingBody; idempotencyKey?: string }) => send<ScimSetting>(access, "POST", "/companies/{companyId}/scim-settings/{settingId}/go-live", given, []),
    /** Who would join and leave what, were the change applied */
    previewScimSetting: (given: { companyId: string; settingId: string; limit?: number; cursor?: string; body?: UpdateScimSettingBody; idempotencyKey?: string }) => send<Preview>(access, "POST", "/companies/{companyId}/scim-settings/{settingId}/preview", given, ["limit","cursor"]),
    /** What the deletion of the setting would do to its people */
    previewDeletionScimSetting: (given: { companyId: string; settingId: string; body: PreviewDeletionScimSettingBody; idempotencyKey?: string }) => send<PreviewDeletionScimSettingAnswer>(access, "POST", "/companies/{companyId}/scim-settings/{settingId}/preview-deletion", given, []),
    /** List a setting's tokens, live and revoked */
    listTokens: (given: { companyId: string; settingId: string; limit?: number; cursor?: string }) => send<TokenPage>(access, "GET", "/companies/{companyId}/scim-settings/{settingId}/tokens", given, ["limit","cursor"]),
    /** Make a further token; only this answer carries its secret */
    createToken: (given: { companyId: string; settingId: string; body?: CreateTokenBody; idempotencyKey?: string }) => send<NewToken>(access, "POST", "/companies/{companyId}/scim-settings/{settingId}/tokens", given, []),
    /** Revoke a token, from the next request on */
    deleteToken: (given: { companyId: string; settingId: string; tokenId: string }) => send<void>(access, "DELETE", "/companies/{companyId}/scim-settings/{settingId}/tokens/{tokenId}", given, []),
    /** List a setting's OAuth clients with their secrets, live and deleted */
    listClients: (given: { companyId: string; settingId: string; limit?: number; cursor?: string }) => send<OAuthClientPage>(access, "GET", "/companies/{companyId}/scim-settings/{settingId}/clients", given, ["limit","cursor"]),
    /** Make an OAuth client; only this answer carries its first secret */
    createClient: (given: { companyId: string; settingId: string; body?: CreateClientBody; idempotencyKey?: string }) => send<NewOAuthClient>(access, "POST", "/companies/{companyId}/scim-settings/{settingId}/clients", given, []),
    /** One OAuth client with its secrets */
    getClient: (given: { companyId: string; settingId: string; clientId: string }) => send<OAuthClient>(access, "GET", "/companies/{companyId}/scim-settings/{settingId}/clients/{clientId}", given, []),
    /** Delete an OAuth client; its access tokens end with the next request */
    deleteClient: (given: { companyId: string; settingId: string; clientId: string }) => send<void>(access, "DELETE", "/companies/{companyId}/scim-settings/{settingId}/clients/{clientId}", given, []),
    /** Make a further secret of a client; only this answer carries it */
    createSecret: (given: { companyId: string; settingId: string; clientId: string; body?: CreateSecretBody; idempotencyKey?: string }) => send<NewClientSecret>(access, "POST", "/companies/{companyId}/scim-settings/{settingId}/clients/{clientId}/secrets", given, []),
    /** Delete a secret of a client; its access tokens end with the next request */
    deleteSecret: (given: { companyId: string; settingId: string; clientId: string; secretId: string }) => send<void>(access, "DELETE", "/companies/{companyId}/scim-settings/{settingId}/clients/{clientId}/secrets/{secretId}", given, []),
    /** List a setting's trusts (workload identity federation), live and deleted */
    listTrusts: (given: { companyId: string; settingId: string; limit?: number; cursor?: string }) => send<TrustPage>(access, "GET", "/companies/{companyId}/scim-settings/{settingId}/trusts", given, ["limit","cursor"]),
    /** Trust what another issuer signs for one subject and audience */
    createTrust: (given: { companyId: string; settingId: string; body: CreateTrustBody; idempotencyKey?: string }) => send<Trust>(access, "POST", "/companies/{companyId}/scim-settings/{settingId}/trusts", given, []),
    /** One trust */
    getTrust: (given: { companyId: string; settingId: string; trustId: string }) => send<Trust>(access, "GET", "/companies/{companyId}/scim-settings/{settingId}/trusts/{trustId}", given, []),
    /** Delete a trust; its access tokens end with the next request */
    deleteTrust: (given: { companyId: string; settingId: string; trustId: string }) => send<void>(access, "DELETE", "/companies/{companyId}/scim-settings/{settingId}/trusts/{trustId}", given, []),
    /** List the target users: all, those a SCIM filter matches, those that no live setting manages */
    listTargetUsers: (given: { companyId: string; limit?: number; cursor?: string; filter?: string; managed?: "true" | "false" }) => send<TargetUserPage>(access, "GET", "/companies/{companyId}/target-users", given, ["limit","cursor","filter","managed"]),
    /** One target user with groups, enrolments and why */
    getTargetUser: (given: { companyId: string; userId: string }) => send<TargetUserInFull>(access, "GET", "/companies/{companyId}/target-users/{userId}", given, []),
    /** Change somebody whom no live SCIM setting manages; for others 409 `managed`, or `being_removed` where they go with their setting */
    updateTargetUser: (given: { companyId: string; userId: string; body?: UpdateTargetUserBody }) => send<TargetUserInFull>(access, "PATCH", "/companies/{companyId}/target-users/{userId}", given, []),
    /** Remove and erase somebody whom no live SCIM setting manages; for others 409 `managed`, or `being_removed` where they go with their setting */
    deleteTargetUser: (given: { companyId: string; userId: string }) => send<void>(access, "DELETE", "/companies/{companyId}/target-users/{userId}", given, []),
    /** Everything that is held on one person */
    exportTargetUser: (given: { companyId: string; userId: string }) => send<PersonExport>(access, "GET", "/companies/{companyId}/target-users/{userId}/export", given, []),
    /** List what the brake holds, or held */
    listHolds: (given: { companyId: string; limit?: number; cursor?: string; status?: "open" | "closed" }) => send<HoldPage>(access, "GET", "/companies/{companyId}/holds", given, ["limit","cursor","status"]),
    /** One hold, with its causes */
    getHold: (given: { companyId: string; holdId: string }) => send<Hold>(access, "GET", "/companies/{companyId}/holds/{holdId}", given, []),
    /** Who would lose what */
    listEffects: (given: { companyId: string; holdId: string; limit?: number; cursor?: string; search?: string }) => send<HeldEffectPage>(access, "GET", "/companies/{companyId}/holds/{holdId}/effects", given, ["limit","cursor","search"]),
    /** What was carried out in the hour before the hold opened */
    listApplied: (given: { companyId: string; holdId: string; limit?: number; cursor?: string }) => send<AppliedLossPage>(access, "GET", "/companies/{companyId}/holds/{holdId}/applied", given, ["limit","cursor"]),
    /** Carry out what waits, of all people or of those named */
    releaseHold: (given: { companyId: string; holdId: string; body: ReleaseHoldBody; idempotencyKey?: string }) => send<Hold>(access, "POST", "/companies/{companyId}/holds/{holdId}/release", given, []),
    /** Keep people as they are, all or those named */
    keepHold: (given: { companyId: string; holdId: string; body: ReleaseHoldBody; idempotencyKey?: string }) => send<Hold>(access, "POST", "/companies/{companyId}/holds/{holdId}/keep", given, []),
    /** Undo what was carried out in the hour before the hold opened, but for what was erased */
    undoHold: (given: { companyId: string; holdId: string; body?: UndoHoldBody; idempotencyKey?: string }) => send<Hold>(access, "POST", "/companies/{companyId}/holds/{holdId}/undo", given, []),
    /** Remove and erase somebody whose deletion waits in a hold; for others 409 `not_held` */
    eraseTargetUser: (given: { companyId: string; userId: string; idempotencyKey?: string }) => send<void>(access, "POST", "/companies/{companyId}/target-users/{userId}/erase", given, []),
    /** List what wants an admin, the newest first */
    listAlerts: (given: { companyId: string; limit?: number; cursor?: string; status?: "open" | "dismissed" | "closed" }) => send<AlertPage>(access, "GET", "/companies/{companyId}/alerts", given, ["limit","cursor","status"]),
    /** Put an alert aside: it is told no more, and stays so until what it is about is over */
    dismissAlert: (given: { companyId: string; alertId: string; idempotencyKey?: string }) => send<Alert>(access, "POST", "/companies/{companyId}/alerts/{alertId}/dismiss", given, []),
    /** Where messages about alerts go */
    listAlertChannels: (given: { companyId: string }) => send<AlertChannelPage>(access, "GET", "/companies/{companyId}/alert-channels", given, []),
    /** Say where messages about alerts go: the whole list */
    replaceAlertChannels: (given: { companyId: string; body: ReplaceAlertChannelsBody }) => send<AlertChannelPage>(access, "PUT", "/companies/{companyId}/alert-channels", given, []),
    /** Send a test message now */
    testAlertChannel: (given: { companyId: string; channelId: string; idempotencyKey?: string }) => send<TestAlertChannelAnswer>(access, "POST", "/companies/{companyId}/alert-channels/{channelId}/test", given, []),
    /** Announce work until a time: no message is sent until then; null ends it */
    announcePlannedWork: (given: { companyId: string; body: AnnouncePlannedWorkBody; idempotencyKey?: string }) => send<AnnouncePlannedWorkAnswer>(access, "POST", "/companies/{companyId}/planned-work", given, []),
    /** List the target groups by name */
    listTargetGroups: (given: { companyId: string; limit?: number; cursor?: string }) => send<TargetGroupPage>(access, "GET", "/companies/{companyId}/target-groups", given, ["limit","cursor"]),
    /** Make a target group by hand */
    createTargetGroup: (given: { companyId: string; body: CreateTargetGroupBody; idempotencyKey?: string }) => send<TargetGroup>(access, "POST", "/companies/{companyId}/target-groups", given, []),
    /** One target group */
    getTargetGroup: (given: { companyId: string; groupId: string }) => send<TargetGroup>(access, "GET", "/companies/{companyId}/target-groups/{groupId}", given, []),
    /** Rename a target group made by hand; for others 409 `managed` */
    updateTargetGroup: (given: { companyId: string; groupId: string; body: CreateTargetGroupBody }) => send<TargetGroup>(access, "PATCH", "/companies/{companyId}/target-groups/{groupId}", given, []),
    /** Remove a target group made by hand; for others 409 `managed` */
    deleteTargetGroup: (given: { companyId: string; groupId: string; force?: "true" | "false" }) => send<void>(access, "DELETE", "/companies/{companyId}/target-groups/{groupId}", given, ["force"]),
    /** List the members of a target group, and why each is one */
    listMembers: (given: { companyId: string; groupId: string; limit?: number; cursor?: string }) => send<MemberPage>(access, "GET", "/companies/{companyId}/target-groups/{groupId}/members", given, ["limit","cursor"]),
    /** Add a member by hand */
    addMember: (given: { companyId: string; groupId: string; userId: string }) => send<void>(access, "PUT", "/companies/{companyId}/target-groups/{groupId}/members/{userId}", given, []),
    /** Take back a membership given by hand; of people whom no live setting manages, whatever gave it */
    removeMember: (given: { companyId: string; groupId: string; userId: string }) => send<void>(access, "DELETE", "/companies/{companyId}/target-groups/{groupId}/members/{userId}", given, []),
    /** What a target group enrols its members in */
    listAutoEnrolments: (given: { companyId: string; groupId: string }) => send<AutoEnrolmentPage>(access, "GET", "/companies/{companyId}/target-groups/{groupId}/auto-enrolments", given, []),
    /** Replace what a target group enrols its members in */
    replaceAutoEnrolments: (given: { companyId: string; groupId: string; preview?: "true" | "false"; body: ReplaceAutoEnrolmentsBody }) => send<ReplaceAutoEnrolmentsAnswer>(access, "PUT", "/companies/{companyId}/target-groups/{groupId}/auto-enrolments", given, ["preview"]),
    /** List enrolments by person, group, item and status */
    listEnrolments: (given: { companyId: string; limit?: number; cursor?: string; userId?: string; groupId?: string; itemId?: string; kind?: "training" | "phishing"; status?: "active" | "withdrawn" }) => send<EnrolmentPage>(access, "GET", "/companies/{companyId}/enrolments", given, ["limit","cursor","userId","groupId","itemId","kind","status"]),
    /** One enrolment and why: groups, rules, settings and requests */
    getEnrolment: (given: { companyId: string; enrolmentId: string }) => send<EnrolmentInFull>(access, "GET", "/companies/{companyId}/enrolments/{enrolmentId}", given, []),
    /** Report how far somebody is with what they are enrolled in */
    reportProgress: (given: { companyId: string; enrolmentId: string; body: ReportProgressBody }) => send<ReportProgressAnswer>(access, "PUT", "/companies/{companyId}/enrolments/{enrolmentId}/progress", given, []),
    /** Report the same of up to 1000 enrolments */
    reportProgressOfMany: (given: { companyId: string; body: ReportProgressOfManyBody; idempotencyKey?: string }) => send<ReportProgressOfManyAnswer>(access, "POST", "/companies/{companyId}/enrolments/progress", given, []),
    /** What an admin chooses from in the console when a target group is to enrol its members */
    listCatalogue: (given: { companyId: string }) => send<CatalogueItemPage>(access, "GET", "/companies/{companyId}/catalogue", given, []),
    /** Say what there is to choose from: the whole list, in its order */
    replaceCatalogue: (given: { companyId: string; body: ReplaceCatalogueBody }) => send<CatalogueItemPage>(access, "PUT", "/companies/{companyId}/catalogue", given, []),
    /** The change feed in commit order */
    listChanges: (given: { companyId: string; after?: string; limit?: number; types?: string; wait?: number }) => send<Feed>(access, "GET", "/companies/{companyId}/changes", given, ["after","limit","types","wait"]),
    /** The cursor of the newest change: from it on the feed tells what is new */
    getChangesHead: (given: { companyId: string }) => send<FeedHead>(access, "GET", "/companies/{companyId}/changes/head", given, []),
    /** All there is of the company, and the cursor from which the feed goes on */
    getSnapshot: (given: { companyId: string }) => readLines<SnapshotLine>(access, "GET", "/companies/{companyId}/snapshot", given, []),
    /** A setting's provisioning log, newest first */
    listLogEntries: (given: { companyId: string; settingId: string; limit?: number; cursor?: string; outcome?: "success" | "failure"; status?: number; method?: string; resourceId?: string; user?: string; from?: string; to?: string }) => send<LogEntryPage>(access, "GET", "/companies/{companyId}/scim-settings/{settingId}/log", given, ["limit","cursor","outcome","status","method","resourceId","user","from","to"]),
    /** One logged request with its redacted bodies */
    getLogEntry: (given: { companyId: string; requestId: string }) => send<LogEntryInFull>(access, "GET", "/companies/{companyId}/log/{requestId}", given, []),
    /** How many enrolments there are, by item, status and progress */
    reportEnrolments: (given: { companyId: string; groupBy?: "item,status" | "item" | "status" | "progress" | "item,progress" | "status,progress" | "item,status,progress"; from?: string; to?: string }) => send<EnrolmentReport>(access, "GET", "/companies/{companyId}/reports/enrolments", given, ["groupBy","from","to"]),
    /** How many people came, went inactive, came back and were removed, by day */
    reportPeople: (given: { companyId: string; by?: "day"; from?: string; to?: string }) => send<PeopleReport>(access, "GET", "/companies/{companyId}/reports/people", given, ["by","from","to"]),
    /** List the webhooks and how far each is */
    listWebhooks: (given: { companyId: string; limit?: number; cursor?: string }) => send<WebhookPage>(access, "GET", "/companies/{companyId}/webhooks", given, ["limit","cursor"]),
    /** Make a webhook for every change from now on; only this answer carries its signing secret */
    createWebhook: (given: { companyId: string; body: CreateWebhookBody; idempotencyKey?: string }) => send<NewWebhook>(access, "POST", "/companies/{companyId}/webhooks", given, []),
    /** One webhook */
    getWebhook: (given: { companyId: string; webhookId: string }) => send<Webhook>(access, "GET", "/companies/{companyId}/webhooks/{webhookId}", given, []),
    /** Change its URL or types, or switch it off and on; it goes on from its cursor */
    updateWebhook: (given: { companyId: string; webhookId: string; body?: UpdateWebhookBody }) => send<Webhook>(access, "PATCH", "/companies/{companyId}/webhooks/{webhookId}", given, []),
    /** Delete a webhook */
    deleteWebhook: (given: { companyId: string; webhookId: string }) => send<void>(access, "DELETE", "/companies/{companyId}/webhooks/{webhookId}", given, []),
    /** Make a new signing secret; the one before signs beside it for overlapHours */
    rotateWebhookSecret: (given: { companyId: string; webhookId: string; body?: RotateWebhookSecretBody; idempotencyKey?: string }) => send<NewWebhook>(access, "POST", "/companies/{companyId}/webhooks/{webhookId}/rotate-secret", given, []),
    /** Try a failing webhook again at once; 410 when changes it lacks are no longer kept */
    resumeWebhook: (given: { companyId: string; webhookId: string; body?: ResumeWebhookBody; idempotencyKey?: string }) => send<Webhook>(access, "POST", "/companies/{companyId}/webhooks/{webhookId}/resume", given, []),
    /** What came of each change's delivery, newest first */
    listDeliveries: (given: { companyId: string; webhookId: string; limit?: number; cursor?: string; status?: "delivered" | "retrying" | "failed" }) => send<DeliveryPage>(access, "GET", "/companies/{companyId}/webhooks/{webhookId}/deliveries", given, ["limit","cursor","status"]),
    /** Send a change once more, under the same webhook-id */
    resendDelivery: (given: { companyId: string; webhookId: string; deliveryId: string; idempotencyKey?: string }) => send<Delivery>(access, "POST", "/companies/{companyId}/webhooks/{webhookId}/deliveries/{deliveryId}/resend", given, []),
  };
}

/** What `createClient` gives. */
export type RollcallClient = ReturnType<typeof createClient>;
