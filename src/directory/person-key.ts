import { opaqueId } from "../platform/opaque-id.ts";
import { foldKey } from "./fold-key.ts";

/** How the keys of persons without e-mail begin. */
const WITHOUT_EMAIL = "user:";

/** What identifies the person behind a user for enrolment: the folded e-mail, or the user itself. */
export function personKeyOf(user: { id: string; emailKey: string | null }): string {
  return user.emailKey ?? `${WITHOUT_EMAIL}${user.id}`;
}

/** What a company's person is called outside: the same for all its users, another one once it has another e-mail. */
export function personIdOf(companyId: string, personKey: string): string {
  return opaqueId([companyId, personKey]);
}

/** An e-mail folded, to know its person by; null for a text that is empty or would be another person's key. */
export function emailKeyOf(email: string): string | null {
  const key = foldKey(email);
  return key === "" || key.startsWith(WITHOUT_EMAIL) ? null : key;
}
