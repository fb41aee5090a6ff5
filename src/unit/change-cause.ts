import type { Provider } from "../settings/setting.ts";

/** What made a change: the SCIM or API request, and the setting it came through. */
export interface Cause {
  requestId: string;
  actor: "scim" | "operator" | "admin" | "system";
  settingId: string | null;
  provider: Provider | null;
}
