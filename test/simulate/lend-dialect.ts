import { dialectFor } from "../../src/settings/dialect-of-provider.ts";
import { createManagement, findSetting, type ManagementAccess } from "./management.ts";
import type { ProviderName } from "./provider.ts";

const GIVES_NOTHING_BACK = async () => {};

/**
 * Has the setting of a token speak as one that was made for this client begins, where it was made for another: that of
 * "npm run dev" is Entra's, and some clients stop at what Entra likes. Gives what takes it back. The dialect of a setting of the
 * client's own is left alone, since it is a part of what is tried.
 */
export async function lendDialect(
  access: ManagementAccess,
  token: string,
  name: ProviderName,
): Promise<() => Promise<void>> {
  const provider = name === "okta-custom" ? "okta" : name;
  const management = createManagement(access);
  const found = await findSetting(management, access.companyId, token);
  if (found === null) return GIVES_NOTHING_BACK;
  const path = `/companies/${found.companyId}/scim-settings/${found.id}`;
  const { provider: own, dialect } = await management.get(path);
  const wanted = dialectFor(provider);
  if (own === provider || JSON.stringify(dialect) === JSON.stringify(wanted)) return GIVES_NOTHING_BACK;
  await management.patch(path, { dialect: { ...wanted } });
  return () => management.patch(path, { dialect });
}
