import type { UnusedPath } from "../../log/unused-path-store.ts";
import { levelOf, sayNote } from "../../scim/note.ts";
import { href } from "../routes.ts";
import { Moment } from "../views/moments-and-counts.tsx";

interface Props {
  companyId: string;
  paths: readonly UnusedPath[];
}

/** The paths of a level: what wants an admin, or what is only told. */
export function pathsOf(paths: readonly UnusedPath[], level: "told" | "attention"): UnusedPath[] {
  return paths.filter(({ kind }) => levelOf(kind) === level);
}

/** What is to be done about kinds that no value in a request is behind. */
const ADVICE: Partial<Record<UnusedPath["kind"], string>> = {
  name_shared: "Rename one of the two at the provider.",
  renewal_withdraws: "Look at who left which group, and at what the values say at the provider.",
};

/** What the provider sends that could not be put where the mapping wants it: shown where attention is asked for. */
export function UnfitPaths({ companyId, paths }: Props) {
  return (
    <>
      {paths.map((unused) => (
        <div class="failure stack tight">
          <h3>{sayNote({ ...unused, value: null })}</h3>
          <p>
            {ADVICE[unused.kind] ??
              "Look at the value in the request, and at the attribute that the field is mapped to."}
          </p>
          <LastSeen companyId={companyId} unused={unused} />
        </div>
      ))}
    </>
  );
}

/** What the provider sends that Rollcall does not use, once for each path; nothing where there is none. */
export function UnusedPaths({ companyId, paths }: Props) {
  if (paths.length === 0) return null;
  return (
    <section class="card" aria-labelledby="unused-title">
      <h2 id="unused-title">Sent, not used</h2>
      <p class="soft">
        The rest of these requests was applied. Nothing is wrong unless a field should be filled from here.
      </p>
      {paths.map((unused) => (
        <div class="stack tight">
          <p>{sayNote({ ...unused, value: null })}</p>
          <LastSeen companyId={companyId} unused={unused} />
        </div>
      ))}
    </section>
  );
}

function LastSeen({ companyId, unused: { firstAt, lastAt, requestId } }: { companyId: string; unused: UnusedPath }) {
  return (
    <p class="hint">
      First seen <Moment time={firstAt} /> ·{" "}
      <a href={href("logEntry", { companyId, requestId })}>
        last seen <Moment time={lastAt} />
      </a>
    </p>
  );
}
