/**
 * What companies with mirrored groups, values and manual members must come to, told anew from the rules: everything is
 * looked up in whole lists whenever it is asked, nothing is counted or kept along, and no code is the product's.
 */

interface ModelSetting {
  criteria: "idp" | "field" | "none";
  own: Target | null;
  isUngrouped: boolean;
}

interface ModelUser {
  name: string;
  person: string;
  setting: number;
  isActive: boolean;
  department: string | null;
}

interface ModelGroup {
  setting: number;
  name: string;
  members: Set<string>;
  /** Its mirror, while its setting synchronises groups. */
  target: Target | null;
}

/** A target group. `stays` is what keeps it there when it is empty; null for one that is but the mirror of a group. */
interface Target {
  name: string;
  stays: "hand" | "value" | "setting" | null;
  manual: Set<string>;
  items: Set<string>;
}

const fold = (name: string) => name.trim().toLowerCase();

/** The model of one company; settings are named by number, users and groups by what the test calls them. */
export class RenameModel {
  readonly settings: ModelSetting[] = [];
  readonly users = new Map<string, ModelUser>();
  readonly groups = new Map<string, ModelGroup>();
  targets: Target[] = [];

  addSetting(criteria: ModelSetting["criteria"], own: string | null, isUngrouped: boolean): void {
    const target = own === null ? null : (this.targetOf(own) ?? this.#make(own, "setting"));
    this.settings.push({ criteria, own: target, isUngrouped });
  }

  changeSetting(index: number, criteria: ModelSetting["criteria"], own: string | null, isUngrouped: boolean): void {
    const setting = this.settings[index];
    if (setting === undefined) return;
    const before = setting.own;
    const target = own === null ? null : (this.targetOf(own) ?? this.#make(own, "setting"));
    Object.assign(setting, { criteria, own: target, isUngrouped });
    for (const user of this.users.values()) if (user.setting === index) this.#nameByValue(user);
    for (const group of this.groups.values()) {
      if (group.setting !== index || (criteria === "idp") === (group.target !== null)) continue;
      const left = group.target;
      group.target = criteria === "idp" ? this.#mirrorOf(group.name) : null;
      if (left !== null) this.#left(left);
    }
    if (before !== null && before !== target) this.#tidy(before);
  }

  #mirrorOf(name: string): Target {
    return this.targetOf(name) ?? this.#make(name, null);
  }

  targetOf(name: string): Target | undefined {
    return this.targets.find((target) => fold(target.name) === fold(name));
  }

  makeByHand(name: string): void {
    this.#make(name, "hand");
  }

  #make(name: string, stays: Target["stays"]): Target {
    const target: Target = { name: name.trim(), stays, manual: new Set(), items: new Set() };
    this.targets.push(target);
    return target;
  }

  addUser(id: string, user: ModelUser): void {
    this.users.set(id, user);
    this.#nameByValue(user);
  }

  changeUser(id: string, change: Partial<ModelUser>): void {
    const user = this.users.get(id);
    if (user === undefined) return;
    Object.assign(user, change);
    this.#nameByValue(user);
  }

  removeUser(id: string): void {
    const manual = this.targets.filter(({ manual }) => manual.delete(id));
    for (const { members } of this.groups.values()) members.delete(id);
    this.users.delete(id);
    for (const target of manual) this.#tidy(target);
  }

  /** A value in use makes its target group, or makes one that was but a mirror stay. */
  #nameByValue({ isActive, department, setting }: ModelUser): void {
    if (!isActive || department === null || this.settings[setting]?.criteria !== "field") return;
    const target = this.targetOf(department) ?? this.#make(department, "value");
    if (target.stays !== "hand") target.stays = "value";
  }

  addGroup(id: string, setting: number, name: string): void {
    const target = this.settings[setting]?.criteria === "idp" ? this.#mirrorOf(name) : null;
    this.groups.set(id, { setting, name, members: new Set(), target });
  }

  removeGroup(id: string): void {
    const group = this.groups.get(id);
    this.groups.delete(id);
    if (group !== undefined && group.target !== null) this.#left(group.target);
  }

  isNameTaken(setting: number, name: string, except: string): boolean {
    return [...this.groups].some(
      ([id, group]) => id !== except && group.setting === setting && fold(group.name) === fold(name),
    );
  }

  rename(id: string, name: string): void {
    const group = this.groups.get(id);
    if (group === undefined || group.name === name) return;
    const { target } = group;
    group.name = name;
    if (target === null || target.name === name.trim()) return;
    const isShared = this.#feeds(target, id);
    const there = this.targetOf(name);
    if (!isShared && (there === undefined || there === target)) {
      target.name = name.trim();
      target.stays = null;
      return;
    }
    if (there === target) return;
    if (there === undefined) {
      const made = this.#make(name, null);
      for (const item of target.items) made.items.add(item);
      group.target = made;
    } else group.target = there;
    this.#left(target);
  }

  setManual(name: string, user: string, isMember: boolean): void {
    const target = this.targetOf(name);
    if (target === undefined) return;
    if (isMember) target.manual.add(user);
    else target.manual.delete(user);
    this.#tidy(target);
  }

  setItems(name: string, items: readonly string[]): void {
    const target = this.targetOf(name);
    if (target === undefined) return;
    target.items = new Set(items);
    this.#tidy(target);
  }

  /** Whether anything but manual members and one group feeds a target group. */
  #feeds(target: Target, except: string | null): boolean {
    const byField = this.settings.flatMap(({ criteria }, index) => (criteria === "field" ? [index] : []));
    return (
      target.stays === "hand" ||
      this.settings.some(({ own }) => own === target) ||
      (target.stays === "value" && byField.length > 0) ||
      [...this.groups].some(([id, group]) => id !== except && group.target === target)
    );
  }

  #left(target: Target): void {
    if (!this.#feeds(target, null)) target.stays = null;
    this.#tidy(target);
  }

  #tidy(target: Target): void {
    const isHeld =
      target.stays !== null || target.manual.size > 0 || target.items.size > 0 || this.#feeds(target, null);
    if (!isHeld) this.targets = this.targets.filter((other) => other !== target);
  }

  /** Who is in which target group, by name, as the rules give it of what the settings hold now. */
  members(): Record<string, string[]> {
    return Object.fromEntries(
      this.targets.map((target) => [
        target.name,
        [...this.users].flatMap(([id, user]) => (this.#isIn(target, id, user) ? [user.name] : [])).sort(),
      ]),
    );
  }

  #isIn(target: Target, id: string, user: ModelUser): boolean {
    if (target.manual.has(id)) return true;
    const setting = this.settings[user.setting];
    if (!user.isActive || setting === undefined) return false;
    const given = this.#given(id, user, setting);
    return given.includes(target) || (setting.own === target && !(setting.isUngrouped && given.length > 0));
  }

  #given(id: string, { department }: ModelUser, { criteria }: ModelSetting): Target[] {
    if (criteria === "field") {
      const target = department === null ? undefined : this.targetOf(department);
      return target === undefined ? [] : [target];
    }
    if (criteria === "none") return [];
    return [...this.groups.values()].flatMap(({ members, target }) =>
      members.has(id) && target !== null ? [target] : [],
    );
  }

  /** Who is enrolled in what, as `person item`. */
  enrolled(): Set<string> {
    const lines = [...this.users].flatMap(([id, user]) =>
      user.isActive
        ? this.targets.flatMap((target) =>
            this.#isIn(target, id, user) ? [...target.items].map((item) => `${user.person} ${item}`) : [],
          )
        : [],
    );
    return new Set(lines);
  }

  /** What each target group enrols its members in, those that do in nothing left out. */
  items(): Record<string, string[]> {
    const enrolling = this.targets.filter(({ items }) => items.size > 0);
    return Object.fromEntries(enrolling.map(({ name, items }) => [name, [...items].sort()]));
  }
}
