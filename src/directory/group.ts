/** A group's row; `document` is its SCIM document as JSON text. Times in milliseconds. */
export interface Group {
  key: number;
  settingKey: number;
  id: string;
  displayName: string;
  displayNameKey: string;
  externalId: string | null;
  document: string;
  /** The target group that mirrors it while its setting synchronises groups. */
  targetGroupKey: number | null;
  /** As it was read; the commit adds to it. */
  memberCount: number;
  version: number;
  createdAt: number;
  updatedAt: number;
}
