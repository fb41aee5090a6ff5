import type { NamedResource } from "../../directory/named-resources.ts";
import type { LinkQuery } from "../routes.ts";
import { href } from "../routes.ts";
import { formatExact } from "../views/moments-and-counts.tsx";
import { Breakable, Empty } from "../views/pills-notices-pager.tsx";
import type { Given } from "./log-query.ts";
import type { Named } from "./read-log-page.ts";

interface NamedProps {
  given: Given;
  named: NonNullable<Named>;
  link: (more: LinkQuery) => string;
}

/** Whose requests are shown for a name that was searched for, and how to see those of one alone, or whatever else says it. */
export function WhoIsNamed({ given, named: { found, isCut }, link }: NamedProps) {
  const isOfMany = new Set(found.map(({ settingId }) => settingId)).size > 1;
  const text = ({ name, more, settingName }: NamedResource) => {
    const further = [...(more === null || more === name ? [] : [more]), ...(isOfMany ? [settingName] : [])];
    return further.length === 0 ? name : `${name} (${further.join(", ")})`;
  };
  return (
    <section class="who" aria-label="Who has this in their name">
      <p class="small soft">
        {`Requests about ${isCut ? "the first of those" : "those"} who have “${given.q}” in their name: `}
        {found.map((one, index) => (
          <>
            {index > 0 && ", "}
            {one.type === "Group" && "group "}
            <a href={link({ resource: one.id, q: null })}>
              <Breakable name={text(one)} />
            </a>
          </>
        ))}
        {". "}
        <a href={link({ in: "requests" })}>Search in all requests instead</a>, for what is no longer here.
      </p>
    </section>
  );
}

/** How far was looked, under what was found. */
export function LookedTo({ time }: { time: number }) {
  return <p class="pager">{`Looked through the requests up to ${formatExact(time)}: the next page looks further.`}</p>;
}

interface NoneProps {
  companyId: string;
  isFiltered: boolean;
  isWrong: boolean;
  /** How far was looked, and where to look further; null where all was looked through. */
  further: { to: number; url: string | null } | null;
}

/** What a list of requests shows when it has none. */
export function NoRequests({ companyId, isFiltered: isAsked, isWrong, further: more }: NoneProps) {
  if (isWrong)
    return (
      <Empty icon="log" title="Nothing was looked up">
        <p>Correct the times above, then filter again.</p>
      </Empty>
    );
  if (more !== null)
    return (
      <Empty icon="log" title="No request matches so far">
        <p>{`Looked through the requests up to ${formatExact(more.to)}.`}</p>
        {more.url !== null && (
          <a class="button" href={more.url}>
            Look further
          </a>
        )}
      </Empty>
    );
  return isAsked ? (
    <Empty icon="log" title="No request matches">
      <p>Try another name, outcome or time.</p>
    </Empty>
  ) : (
    <Empty icon="log" title="No request yet">
      <p>As soon as an identity provider tests its connection, its requests are listed here.</p>
      <a class="button" href={href("settings", { companyId })}>
        To the SCIM settings
      </a>
    </Empty>
  );
}
