/** A user as its connections' acknowledged requests left it. */
export interface ModelUser {
  id: string;
  userName: string;
  active: boolean;
  department: string | null;
  /** Attributes that one connection each writes. */
  slots: Record<string, string>;
}

/** A group as its connections' acknowledged requests left it. */
export interface ModelGroup {
  id: string;
  displayName: string;
  members: Set<string>;
}

/** How a setting sorts its users into target groups. */
export interface ModelGrouping {
  criteria: "idp" | "field" | "none";
  /** The setting's own target group, and whom it takes. */
  groupName: string;
  scope: "everyone" | "ungrouped";
}

/** What one setting must hold: what happens when all acknowledged requests run one after the other. */
export class ModelSetting {
  readonly name: string;
  readonly users = new Map<string, ModelUser>();
  readonly groups = new Map<string, ModelGroup>();
  grouping: ModelGrouping;

  constructor(name: string, grouping: ModelGrouping) {
    this.name = name;
    this.grouping = grouping;
  }

  /** Target groups by name with the userNames in them, as the rules give them; empty groups are left out. */
  targetMembers(): Map<string, Set<string>> {
    const targets = new Map<string, Set<string>>();
    const join = (name: string, user: ModelUser) => {
      targets.set(name, (targets.get(name) ?? new Set()).add(user.userName));
    };
    const { criteria, groupName, scope } = this.grouping;
    for (const user of this.users.values()) {
      if (!user.active) continue;
      const names =
        criteria === "idp"
          ? [...this.groups.values()].filter(({ members }) => members.has(user.id)).map((group) => group.displayName)
          : criteria === "field" && user.department !== null
            ? [user.department]
            : [];
      for (const name of names) join(name, user);
      if (scope === "everyone" || names.length === 0) join(groupName, user);
    }
    return targets;
  }

  /** A user as one comparable text. */
  static describe(user: Pick<ModelUser, "userName" | "active" | "department" | "slots">): string {
    const slots = Object.entries(user.slots).sort(([a], [b]) => (a < b ? -1 : 1));
    return JSON.stringify([user.userName, user.active, user.department, slots]);
  }
}
