/** One screen's worth of work at the identity provider. Texts may hold `code` and **bold**, `{tenantUrl}` and `{token}`. */
export interface GuideStep {
  title: string;
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
  provider: "entra" | "okta" | "onelogin" | "jumpcloud" | "other";
  name: string;
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
