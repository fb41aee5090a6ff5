/** Where a target group came from. */
export type TargetGroupSource = "manual" | "everyone" | "field" | "idp";

/** A target group's row; its member count is kept in the commits. */
export interface TargetGroup {
  key: number;
  id: string;
  name: string;
  nameKey: string;
  source: TargetGroupSource;
  /** What it is kept as: one kept as `idp` goes when nothing holds it any more, others stay. */
  keptAs: TargetGroupSource;
  /** As the last commit left it. */
  memberCount: number;
  createdAt: number;
}

/** Why someone is in a target group: by hand, or by a rule of a setting. */
export type ReasonKind = "manual" | "everyone" | "ungrouped" | "field" | "idp";

/** One reason of one user for one target group; the membership lasts until its last reason goes. */
export interface Reason {
  targetGroupKey: number;
  kind: ReasonKind;
  /** 0 for a manual reason. */
  settingKey: number;
  /** The key of the IdP group for kind `idp`, else 0. */
  sourceKey: number;
  /** The field's key for kind `field`, the group's name for kind `idp`. */
  detail: string;
  requestId: string | null;
  addedAt: number;
  /** The hold by which it stays though its rule gives it no more; null for a reason that holds. */
  heldBy: number | null;
  /** The version of the hold that recorded it; null for one that was kept. */
  heldVersion: number | null;
}
