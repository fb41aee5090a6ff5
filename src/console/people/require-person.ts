import { selectTargetUser, type TargetUser } from "../../directory/target-user-store.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import { clipText } from "../../scim/clip-text.ts";
import { selectFields } from "../../settings/field-store.ts";
import type { Field } from "../../settings/fields.ts";
import type { ConsoleContext } from "../console-env.ts";
import { notHere, Refused } from "../refused.ts";

/** A person with all fields of the company. */
export interface PersonInFull {
  user: TargetUser;
  fields: readonly Field[];
}

/**
 * The company's person of the path, whom no live setting manages; 404 when there is nobody, 409 for others: what is done here
 * their provider would undo, and one who is being removed stays no longer.
 */
export async function requireUnmanaged(c: ConsoleContext): Promise<PersonInFull> {
  const { database, company } = c.var;
  const { user, fields } = await runRead(
    database,
    together({ user: selectTargetUser(company.key, c.req.param("userId") ?? ""), fields: selectFields(company.key) }),
  );
  if (user === null) throw notHere();
  const { userName, setting, managed, deletion, beingRemoved } = user;
  if (beingRemoved)
    throw new Refused(
      409,
      "This person is being removed",
      `${userName} goes with the SCIM setting “${setting.name}”, which was deleted with its people.`,
    );
  if (!managed) return { user, fields };
  if (deletion === "waits")
    throw new Refused(
      409,
      "The deletion of this person waits",
      `The identity provider deleted ${userName} through the SCIM setting “${setting.name}”, and a hold keeps them here. Decide about the hold first: kept, they can be edited.`,
    );
  throw new Refused(
    409,
    "This person has a connection",
    `${userName} is kept up to date by the SCIM setting “${setting.name}”: make the change at the identity provider.`,
  );
}

/** Characters of a name that a title shows. */
const MOST_IN_TITLE = 500;

/** What a person is called: first and last name, or the user name where there is neither. */
export function fullNameOf(user: TargetUser): string {
  const name = [user.fields.firstName, user.fields.lastName].filter(Boolean).join(" ");
  return clipText(name === "" ? user.userName : name, MOST_IN_TITLE);
}
