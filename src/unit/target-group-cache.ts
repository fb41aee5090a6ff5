import type { TargetGroup } from "../grouping/target-group.ts";
import type { Changed } from "./loaded-and-changed-rows.ts";

/** Companies with more target groups than this have those in play read in every commit instead. */
export const MOST_CACHED = 1_000;

/** All target groups of a company by key, name and id, as the last commit left them: most companies have a few dozen. */
export class TargetGroupCache {
  readonly byKey = new Map<number, TargetGroup>();
  readonly byName = new Map<string, number>();
  readonly byId = new Map<string, number>();

  constructor(groups: readonly TargetGroup[]) {
    for (const group of groups) this.#add(group);
  }

  /** Takes over what a commit changed, and by how many members. */
  apply(differences: readonly Changed<number, TargetGroup>[], members: ReadonlyMap<number, number>): void {
    for (const { before } of differences) if (before !== undefined) this.#remove(before);
    for (const { after } of differences) if (after !== undefined) this.#add(after);
    for (const [key, by] of members) {
      const group = this.byKey.get(key);
      if (group !== undefined) this.#add({ ...group, memberCount: group.memberCount + by });
    }
  }

  #add(group: TargetGroup): void {
    this.byKey.set(group.key, group);
    this.byName.set(group.nameKey, group.key);
    this.byId.set(group.id, group.key);
  }

  #remove({ key, nameKey, id }: TargetGroup): void {
    this.byKey.delete(key);
    this.byName.delete(nameKey);
    this.byId.delete(id);
  }
}
