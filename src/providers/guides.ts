import { entraGuide } from "./entra/guide.ts";
import type { Guide } from "./guide.ts";
import { jumpcloudGuide } from "./jumpcloud/guide.ts";
import { oktaGuide } from "./okta/guide.ts";
import { oneloginGuide } from "./onelogin/guide.ts";
import { otherGuide } from "./other/guide.ts";

const GUIDES: Record<Guide["provider"], Guide> = {
  entra: entraGuide,
  okta: oktaGuide,
  onelogin: oneloginGuide,
  jumpcloud: jumpcloudGuide,
  other: otherGuide,
};

/** The set-up guide of a provider. */
export function guideOf(provider: Guide["provider"]): Guide {
  return GUIDES[provider];
}
