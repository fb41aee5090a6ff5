import { type BelievedUser, believe, isThere, type PresentUser } from "./belief.ts";
import { type Attribute, textOf } from "./company.ts";
import { idOf, type JsonObject } from "./document.ts";
import type { Life } from "./life.ts";
import type { PersonChange } from "./life-plan.ts";
import type { Changed } from "./provider.ts";

/** Looks a person up as the provider matches, then creates the user or adopts the one that is there. */
export async function provisionUser(life: Life, user: BelievedUser, active: boolean): Promise<void> {
  const { connector, belief } = life;
  const found = await lookUp(life, user);
  if (found === null) {
    await connector.createUser(user, active);
    if (user.id !== null) believe(belief, user, active ? "active" : "inactive");
    return;
  }
  user.id = idOf(found);
  user.state = "active";
  if (!isThere(user)) return;
  await connector.adoptUser(user, found);
  believe(belief, user, "active");
  if (active) return;
  await connector.setActive(user, false);
  believe(belief, user, "inactive");
}

/** After an earlier run a person may go by the name that this life would give them; then they start with it. */
async function lookUp({ connector }: Life, user: BelievedUser): Promise<JsonObject | null> {
  const found = await connector.findUser(textOf(user.person, "userName"));
  if (found !== null || user.nextUserName === null) return found;
  const renamed = await connector.findUser(user.nextUserName);
  if (renamed === null) return null;
  const first = textOf(user.person, "userName");
  user.person.attributes.userName = user.nextUserName;
  user.nextUserName = first;
  return renamed;
}

/** Changes a person in the IdP's directory and sends what differs. */
export async function changePerson(life: Life, user: PresentUser, change: PersonChange): Promise<void> {
  const { person } = user;
  const changed: Changed[] = [];
  for (const [name, value] of Object.entries(change.attributes)) {
    // Object.entries loses the key type of a Record.
    const attribute = name as Attribute;
    if (person.attributes[attribute] === value || !life.connector.sends.includes(attribute)) continue;
    person.attributes[attribute] = value;
    changed.push(attribute);
  }
  if (change.managerIndex !== undefined && change.managerIndex !== person.managerIndex) {
    person.managerIndex = change.managerIndex;
    changed.push("manager");
  }
  if (changed.length === 0) return;
  await life.connector.updateUser(user, changed);
  believe(life.belief, user, user.state);
}
