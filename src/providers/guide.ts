/** How an identity provider signs in: with a token, by OAuth client credentials, by workload identity federation. */
export const SIGN_INS = ["token", "client", "federation"] as const;
/** One of these ways. */
export type SignInWay = (typeof SIGN_INS)[number];

/**
 * One screen's worth of work at the identity provider. Texts may hold `code` and **bold**; values `{token}` and `{tenantUrl}`,
 * or that in two parts, `{tenantHost}` and `{tenantPath}`; `{tokenEndpoint}`, `{clientId}` and `{clientSecret}`.
 */
export interface GuideStep {
  title: string;
  /** Only for those who sign in so. */
  signIn?: SignInWay;
  /** The way to the screen, as the vendor names its parts. */
  where?: string;
  actions: string[];
  /** What to type where, in the order of the screen. */
  values?: { label: string; value: string }[];
  /** A text to paste whole. */
  template?: string;
  note?: string;
}

/** A mistake others made, how it shows in the provisioning log, and the way out. */
interface GuideMistake {
  /** Only for those who sign in so. */
  signIn?: SignInWay;
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

/** How to connect one identity provider, as pure data. */
export interface Guide {
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
  /** What the admin needs before beginning. */
  needs: string[];
  steps: GuideStep[];
  test: string[];
  mistakes: GuideMistake[];
  paths: SuggestedPath[];
  limits: string[];
  /** The vendor's own pages. */
  sources: string[];
}

/** Of steps or mistakes of a guide, those for whoever signs in one way. */
export function forWay<Part extends { signIn?: SignInWay }>(parts: readonly Part[], way: SignInWay): Part[] {
  return parts.filter(({ signIn }) => signIn === undefined || signIn === way);
}
