import type { CredentialRecord } from "../../settings/credential-store.ts";

/** What a credential is called among those of its company, with nothing of its secret but the end. */
export function nameOfCredential({ kind, name, lastFour, revokedAt, settingName }: CredentialRecord): string {
  const what = {
    token: `Token …${lastFour}`,
    secret: `${name === null || name === "" ? "Client" : name}, secret …${lastFour}`,
    trust: `Trust in ${name ?? "another issuer"}`,
  }[kind];
  return `${what} (${settingName}${revokedAt === null ? "" : ", revoked"})`;
}
