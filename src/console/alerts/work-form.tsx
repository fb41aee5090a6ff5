import type { PlannedWork } from "../../alerts/alert-store.ts";
import type { Errors, Values } from "../read-form.ts";
import { href } from "../routes.ts";
import { Input, Select } from "../views/form.tsx";
import { formatExact } from "../views/moments-and-counts.tsx";
import { Notice } from "../views/pills-notices-pager.tsx";

/** For how long work can be announced. */
export const HOURS = [
  { value: "2", label: "for 2 hours" },
  { value: "8", label: "for 8 hours" },
  { value: "24", label: "for a day" },
  { value: "72", label: "for 3 days" },
  { value: "168", label: "for a week" },
] as const;

/** Says that no message is sent, and until when; nothing where no work is announced. */
export function WorkNotice({ companyId, work }: { companyId: string; work: PlannedWork | null }) {
  if (work === null || work.until <= Date.now()) return null;
  return (
    <Notice>
      <div class="row">
        <p>
          <strong>{`Planned work until ${formatExact(work.until)}`}</strong>
          {work.note === "" ? "" : ` (${work.note})`}: no message is sent. The brake works as ever.
        </p>
        <form class="inline" method="post" action={href("endPlannedWork", { companyId })}>
          <button type="submit">End it now</button>
        </form>
      </div>
    </Notice>
  );
}

/** The form that announces work. */
export function WorkForm({ companyId, values, errors }: { companyId: string; values: Values; errors: Errors }) {
  return (
    <section class="card stack tight" aria-labelledby="work-title">
      <h2 id="work-title">Planned work</h2>
      <p class="soft">
        A migration, a test at the provider: announce it, and no message is sent until it is over. Alerts open and close
        as ever, and the brake works.
      </p>
      <form class="filters" method="post" action={href("plannedWork", { companyId })}>
        <Select name="hours" label="How long" values={values} options={HOURS} errors={errors} />
        <Input name="note" label="What is being done" values={values} errors={errors} maxlength={200} grow />
        <button type="submit">Announce</button>
      </form>
    </section>
  );
}
