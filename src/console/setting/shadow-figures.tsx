import type { GoLiveFigures } from "../../previews/preview-go-live.ts";
import { Counts, countOf } from "../views/moments-and-counts.tsx";
import { EnrolmentFigures } from "./preview-figures.tsx";

/** What going live would do, in numbers. */
export function ShadowFigures({ figures }: { figures: GoLiveFigures }) {
  const { people, groups, enrolments, withoutEmail } = figures;
  const made = groups.filter(({ isNew }) => isNew).length;
  const counts = [
    ["New people", people.new],
    ["Known here", people.known],
    ["In no group", people.skipped],
    ["Target groups", groups.length],
  ] as const;
  return (
    <div class="stack">
      <Counts of={counts} />
      <div class="stack tight" data-said>
        {people.new + people.known + people.skipped === 0 && (
          <p class="soft">
            Nobody has arrived yet. The numbers come by themselves as the identity provider sends people.
          </p>
        )}
        {groups.length > 0 && <p>{`${describeGroups(made, groups.length - made)}.`}</p>}
        {people.new + people.known > 0 && <EnrolmentFigures enrolments={enrolments} />}
        {withoutEmail > 0 && (
          <p class="soft">{`${countOf(withoutEmail, "person of these has", "people of these have")} no e-mail: enrolled all the same, but the training has to reach them in another way.`}</p>
        )}
      </div>
    </div>
  );
}

/** How many target groups are made, and how many that are there get people, as a piece of a sentence. */
export function describeGroups(made: number, fed: number): string {
  const parts = [
    ...(made > 0 ? [`${countOf(made, "target group is", "target groups are")} made`] : []),
    ...(fed > 0
      ? [
          `${countOf(fed, "target group that is", "target groups that are")} here already ${fed === 1 ? "gets" : "get"} people`,
        ]
      : []),
  ];
  return parts.join(", ");
}
