import type { HeldOfUser } from "../../holds/held-of-user-store.ts";
import { HeldPill, HOLD_WORDS } from "../holds/hold-words.tsx";
import { href } from "../routes.ts";
import { curlyCause } from "../views/curly-quotes.ts";
import { Moment } from "../views/moments-and-counts.tsx";

/** How many causes of a hold the card names. */
const SHOWN_CAUSES = 3;

/** What waits about a person or was kept, since when, and because of what; nothing where nothing does. */
export function HeldCard({ companyId, held }: { companyId: string; held: readonly HeldOfUser[] }) {
  if (held.length === 0) return null;
  return (
    <section class="card stack tight" aria-labelledby="held-title">
      <h2 id="held-title">What waits for a decision</h2>
      <ul class="plain-list">
        {held.map(({ hold, what, since, waits }) => (
          <li>
            <p>
              <HeldPill waits={waits} /> <What companyId={companyId} what={what} /> {waits ? "since " : "held since "}
              <Moment time={since} />
            </p>
            <p class="small soft">
              {"Because of: "}
              <a href={href("hold", { companyId, holdId: hold.id })}>{HOLD_WORDS[hold.kind].title}</a>
              {` in ${hold.settingName} (${hold.causes
                .slice(0, SHOWN_CAUSES)
                .map(({ detail }) => curlyCause(detail))
                .join(", ")}).`}
              {!waits && " An admin kept it: it stays until the difference has gone and come again."}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function What({ companyId, what }: { companyId: string; what: HeldOfUser["what"] }) {
  if (what === "inactive") return <>Being set inactive</>;
  if (what === "deleted") return <>Being removed</>;
  return (
    <>
      Leaving <a href={href("group", { companyId, groupId: what.groupId })}>{what.groupName}</a>
      {what.to !== null && ` for ${what.to}`}
    </>
  );
}
