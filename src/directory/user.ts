import type { JsonObject } from "../scim/json.ts";
import { foldKey } from "./fold-key.ts";

/** A user's row without its SCIM document. Times in milliseconds. */
export interface User {
  key: number;
  settingKey: number;
  id: string;
  userName: string;
  userNameKey: string;
  externalId: string | null;
  displayName: string | null;
  active: boolean;
  email: string | null;
  emailKey: string | null;
  firstName: string | null;
  lastName: string | null;
  department: string | null;
  phoneNumber: string | null;
  /** Values of the company's own fields by key. */
  customFields: JsonObject;
  /** When its deactivation was counted among its setting's; null while it is active, or was deactivated uncounted. */
  leftAt: number | null;
  version: number;
  createdAt: number;
  updatedAt: number;
}

/** The mapped fields of a user by key, standard and custom ones alike; absent values are null. */
export function fieldsOf(user: User): JsonObject {
  const { email, firstName, lastName, department, phoneNumber, customFields } = user;
  return { email, firstName, lastName, department, phoneNumber, ...customFields };
}

/** How the keys of persons without e-mail begin. */
const WITHOUT_EMAIL = "user:";

/** What identifies the person behind a user for enrolment: the folded e-mail, or the user itself. */
export function personKeyOf(user: Pick<User, "id" | "emailKey">): string {
  return user.emailKey ?? `${WITHOUT_EMAIL}${user.id}`;
}

/** An e-mail folded, to know its person by; null for a text that is empty or would be another person's key. */
export function emailKeyOf(email: string): string | null {
  const key = foldKey(email);
  return key === "" || key.startsWith(WITHOUT_EMAIL) ? null : key;
}
