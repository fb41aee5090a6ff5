import type { OpenHolds } from "../../holds/open-hold-counts-store.ts";
import { wouldOf } from "../holds/hold-words.tsx";
import { href } from "../routes.ts";
import { countOf } from "./moments-and-counts.tsx";
import { Notice } from "./pills-notices-pager.tsx";

/** Says on every page of a company that something waits; numbers only, as they are read apart from the page. */
export function HeldBanner({ companyId, held }: { companyId: string; held: OpenHolds }) {
  if (held.holds === 0 || held.id === null) return null;
  const url = held.holds === 1 ? href("hold", { companyId, holdId: held.id }) : href("holds", { companyId });
  return (
    <Notice tone="warn">
      <p>
        <strong>{`${countOf(held.people, "person waits", "people wait")} for your decision`}</strong>
        {`: the brake stopped ${held.holds === 1 ? "a change" : `${held.holds} changes`} that would ${wouldOf(held.kind)} at once. `}
        <a href={url}>See what waits</a>
      </p>
    </Notice>
  );
}
