import type { Grouping, Guide, GuideLine, SignInWay } from "./guide.ts";

/** What a setting has chosen, and what it is grouped by: the field's label and SCIM path, read only where it is by a field. */
interface Choice {
  signIn: SignInWay;
  grouping: Grouping;
  groupField: string;
  groupPath: string;
  /** Whether it fills fields of the company's own. */
  hasCustomFields: boolean;
}

/** A guide with nothing in it but what one setting needs. */
export type TailoredGuide = Guide<string>;

/** Leaves out of a guide what is for other ways of signing in and of grouping, and puts the field in that people are grouped by. */
export function tailorGuide(guide: Guide, choice: Choice): TailoredGuide {
  const lines = (all: readonly GuideLine[]) => all.flatMap((line) => sentenceOf(line, choice));
  return {
    ...guide,
    prerequisites: lines(guide.prerequisites),
    steps: guide.steps.filter(isFor(choice)).map((step) => ({ ...step, actions: lines(step.actions) })),
    sendOne: lines(guide.sendOne),
    nothingCame: lines(guide.nothingCame),
    test: lines(guide.test),
    mistakes: guide.mistakes.filter(isFor(choice)),
    limits: lines(guide.limits),
  };
}

type Audience = Exclude<GuideLine, string>;

function isFor({ signIn, grouping, hasCustomFields }: Choice) {
  return (part: Omit<Audience, "text">): boolean =>
    (part.customFields === undefined || hasCustomFields) &&
    (part.signIn === undefined || part.signIn === signIn) &&
    (part.grouping === undefined || [part.grouping].flat().includes(grouping));
}

function sentenceOf(line: GuideLine, choice: Choice): string[] {
  if (typeof line === "string") return [line];
  if (!isFor(choice)(line)) return [];
  // Functions: a label may hold what `replaceAll` gives a meaning.
  return [
    line.text.replaceAll("{groupField}", () => choice.groupField).replaceAll("{groupPath}", () => choice.groupPath),
  ];
}
