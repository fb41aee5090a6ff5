import { authentikGuide } from "./authentik/guide.ts";
import { entraGuide } from "./entra/guide.ts";
import type { Guide } from "./guide.ts";
import { jumpcloudGuide } from "./jumpcloud/guide.ts";
import { keycloakGuide } from "./keycloak/guide.ts";
import { oktaGuide } from "./okta/guide.ts";
import { oneloginGuide } from "./onelogin/guide.ts";
import { oracleGuide } from "./oracle/guide.ts";
import { otherGuide } from "./other/guide.ts";
import { pingoneGuide } from "./pingone/guide.ts";
import { syncopeGuide } from "./syncope/guide.ts";

const GUIDES: Record<Guide["provider"], Guide> = {
  entra: entraGuide,
  okta: oktaGuide,
  onelogin: oneloginGuide,
  jumpcloud: jumpcloudGuide,
  keycloak: keycloakGuide,
  authentik: authentikGuide,
  syncope: syncopeGuide,
  pingone: pingoneGuide,
  oracle: oracleGuide,
  other: otherGuide,
};

/** The set-up guide of a provider. */
export function guideOf(provider: Guide["provider"]): Guide {
  return GUIDES[provider];
}
