import type { RefusalCode } from "../scim/refusal-causes.ts";

/** How an identity provider signs in: with a token, by OAuth client credentials, by workload identity federation. */
export const SIGN_INS = ["token", "client", "federation"] as const;
/** One of these ways. */
export type SignInWay = (typeof SIGN_INS)[number];

/** How a setting sorts people: all into one group, by the values of a field, or by the groups of the provider. */
export const GROUPINGS = ["none", "field", "idp"] as const;
/** One of these. */
export type Grouping = (typeof GROUPINGS)[number];

/** For whom a part of a guide is: where a member is absent, for everybody. */
interface Audience {
  signIn?: SignInWay;
  grouping?: Grouping | readonly Grouping[];
  /** Only where the setting fills fields of the company's own. */
  customFields?: true;
}

/**
 * A sentence of a guide, for everybody or for some. It may hold `code` and **bold**; one for grouping by a field `{groupField}`,
 * what the field is called, and `{groupPath}`, the SCIM path it is read from.
 */
export type GuideLine = string | (Audience & { text: string });

/**
 * One screen's worth of work at the identity provider. Values may hold `{token}` and `{tenantUrl}`, or that in two parts,
 * `{tenantHost}` and `{tenantPath}`; `{tokenEndpoint}`, `{clientId}` and `{clientSecret}`.
 */
export interface GuideStep<Sentence = GuideLine> extends Audience {
  title: string;
  /** The way to the screen, as the vendor names its parts. */
  where?: string;
  actions: Sentence[];
  /** What to type where, in the order of the screen. */
  values?: { label: string; value: string }[];
  /** A text to paste whole. */
  template?: string;
  note?: string;
}

/** A mistake others made, how it shows in the provisioning log, and the way out. */
export interface GuideMistake extends Audience {
  /** The codes of the refusals it shows by; none where nothing is refused. */
  codes?: readonly RefusalCode[];
  looks: string;
  means: string;
  fix: string;
}

/** A SCIM path that this provider fills, with a value it might have. */
export interface SuggestedPath {
  label: string;
  path: string;
  sample: string;
}

/** How to connect one identity provider, as pure data; its sentences are lines, or what is left of them for one setting. */
export interface Guide<Sentence = GuideLine> {
  provider:
    | "entra"
    | "okta"
    | "onelogin"
    | "jumpcloud"
    | "keycloak"
    | "authentik"
    | "syncope"
    | "pingone"
    | "oracle"
    | "other";
  name: string;
  /** The ways in which it can sign in, the recommended one first. */
  signIn: readonly [SignInWay, ...SignInWay[]];
  /** What somebody who chooses how people are grouped should know of this provider. */
  groupings: Partial<Record<Grouping, string>>;
  /** What the admin needs before beginning. */
  prerequisites: Sentence[];
  steps: GuideStep<Sentence>[];
  /** How one person, with what they are grouped by, is sent at once. */
  sendOne: Sentence[];
  /** Where to look when nothing of it comes in. */
  nothingCame: Sentence[];
  /** What else to try, once somebody has come. */
  test: Sentence[];
  mistakes: GuideMistake[];
  paths: SuggestedPath[];
  limits: Sentence[];
  /** The vendor's own pages, by what they are about. */
  sources: { title: string; url: string }[];
}
