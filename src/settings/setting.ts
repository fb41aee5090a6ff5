import type { Expected, Safeguards } from "./safeguards.ts";

/** The identity providers a setting can name; the choice selects the set-up guide and the dialect a setting begins with. */
export const PROVIDERS = [
  "entra",
  "okta",
  "onelogin",
  "jumpcloud",
  "keycloak",
  "authentik",
  "syncope",
  "pingone",
  "oracle",
  "other",
] as const;
/** One of these providers. */
export type Provider = (typeof PROVIDERS)[number];

/** How a setting sorts users: not at all, by a mapped field's value, or by mirroring the provider's groups. */
export type Criteria = "none" | "field" | "idp";

/** Whom the setting's own target group takes: every user, or only those the criteria give no group. */
export type TargetGroupScope = "everyone" | "ungrouped";

/** `active` and `paused` settings exist for their admin; a `deleted` one stays as the origin of kept users and reasons. */
export type SettingStatus = "active" | "paused" | "deleted";

/** Which SCIM attribute path fills which field of a target user. */
export interface FieldMapping {
  field: string;
  path: string;
}

/** Group settings as stored: the setting's own target group by key, and its criteria. */
export interface GroupSettings {
  targetGroupKey: number | null;
  targetGroupScope: TargetGroupScope;
  criteria: Criteria;
  /** The mapped field whose values name target groups; only with criteria `field`. */
  field: string | null;
}

/** Group settings as an admin gives them: the target group by id or by name (made when it does not exist). */
export interface GroupSettingsInput {
  targetGroupId?: string;
  targetGroupName?: string;
  targetGroupScope?: TargetGroupScope;
  criteria: Criteria;
  field?: string;
}

/** What a setting's client means by what it sends, as far as no reader can guess it. */
export interface Dialect {
  /** What a PUT of a group without `members` does with those it has. */
  putWithoutMembers: "keep" | "empty";
  /** Whether ServiceProviderConfig has `pagination` (RFC 9865 section 4), at which some clients stop. */
  showPagination: boolean;
}

/**
 * Which people of a setting are in shadow: those whose keys come after `after`, up to `until`. It is the one place that says
 * so: going live moves the beginning on in steps, and whoever comes after its end is live at once.
 */
export interface Shadow {
  after: number;
  /** Null while the setting has not been told to go live: all who come are in shadow too. */
  until: number | null;
  /** The name of the setting's own target group where that is made when it goes live. */
  groupName: string | null;
}

/** What the writer and the doors need to know of a setting. `mappings` is complete: defaults merged with overrides. */
export interface Setting {
  key: number;
  id: string;
  name: string;
  provider: Provider;
  status: SettingStatus;
  mappings: FieldMapping[];
  groupSettings: GroupSettings;
  dialect: Dialect;
  safeguards: Safeguards;
  expected: Expected | null;
  /** Of a deleted setting that only keeps people whose deletion waits: the key of the setting they came through. */
  heirOf: number | null;
  /** Which of its people are in shadow; null where nobody is. */
  shadow: Shadow | null;
}
