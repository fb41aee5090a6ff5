import type { GoLiveFigures } from "../../consequences/foresee-go-live.ts";
import { countOf, formatCount } from "../views/moments-and-counts.tsx";
import { EnrolmentFigures } from "./preview-figures.tsx";

/** What going live would do, in numbers. */
export function ShadowFigures({ figures }: { figures: GoLiveFigures }) {
  const { people, groups, enrolments, withoutEmail } = figures;
  const made = groups.filter(({ isNew }) => isNew).length;
  const counts = [
    ["New people", people.new],
    ["Known here", people.known],
    ["Skipped", people.skipped],
    ["Groups made", made],
    ["Groups fed", groups.length - made],
  ] as const;
  return (
    <div class="stack">
      <dl class="stats">
        {counts.map(([label, count]) => (
          <div>
            <dt>{label}</dt>
            <dd>{formatCount(count)}</dd>
          </div>
        ))}
      </dl>
      <div data-said>
        {people.new + people.known + people.skipped === 0 ? (
          <p class="soft">
            Nobody has arrived yet. The numbers come by themselves as the identity provider sends people.
          </p>
        ) : (
          <EnrolmentFigures enrolments={enrolments} />
        )}
      </div>
      {withoutEmail > 0 && (
        <p class="soft">{`${countOf(withoutEmail, "person of these has", "people of these have")} no e-mail: enrolled all the same, if there is an address to send it to.`}</p>
      )}
    </div>
  );
}
