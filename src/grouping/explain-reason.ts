import type { ReasonKind } from "./target-group.ts";

/** What is known of one reason for a membership; names are those of today. */
export interface ReasonFacts {
  kind: ReasonKind;
  settingName: string | null;
  targetGroupName: string;
  /** The field's key for kind `field`; the IdP group's name for kind `idp`. */
  subject: string;
}

/** A reason for a membership as a plain piece of a sentence: `department is "Sales"`. */
export function explainReason({ kind, settingName, targetGroupName, subject }: ReasonFacts): string {
  const setting = settingName === null ? "its SCIM setting" : `SCIM setting "${settingName}"`;
  switch (kind) {
    case "manual":
      return "added by hand";
    case "everyone":
      return `every user of ${setting}`;
    case "ungrouped":
      return `a user of ${setting} whom its criteria give no group`;
    case "field":
      return `${subject} is "${targetGroupName}"`;
    case "idp":
      return `member of IdP group "${subject}"`;
  }
}
