/** Names a user or a group inside a unit of work: its setting's key and its public id. */
export type Ref = string;

/** The reference of a resource of a setting. */
export function refOf(settingKey: number, id: string): Ref {
  return `${settingKey}/${id}`;
}

/** The two parts of a reference. */
export function splitRef(ref: Ref): [settingKey: number, id: string] {
  const slash = ref.indexOf("/");
  return [Number(ref.slice(0, slash)), ref.slice(slash + 1)];
}

/** Key of a membership: the group's and the user's reference. */
export function pairOf(group: Ref, user: Ref): string {
  return `${group} ${user}`;
}

/** The two references of a membership's key. */
export function splitPair(pair: string): [group: Ref, user: Ref] {
  const space = pair.indexOf(" ");
  return [pair.slice(0, space), pair.slice(space + 1)];
}
