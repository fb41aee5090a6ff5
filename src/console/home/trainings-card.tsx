import type { Training } from "../../enrolment/training-store.ts";
import { href } from "../routes.ts";
import { KIND_WORDS, trainingUrl } from "../trainings/training-words.ts";
import { type Column, Table } from "../views/list.tsx";
import { formatCount } from "../views/moments-and-counts.tsx";

const MOST_SHOWN = 6;

/** What most people of a company are enrolled in. */
export function TrainingsCard({ companyId, trainings }: { companyId: string; trainings: readonly Training[] }) {
  const used = trainings
    .filter(({ groups, enrolled }) => groups > 0 || (enrolled ?? 0) > 0)
    .sort((left, right) => (right.enrolled ?? 0) - (left.enrolled ?? 0) || (left.name < right.name ? -1 : 1));
  if (used.length === 0)
    return (
      <section class="card stack tight" aria-labelledby="trainings-title">
        <h2 id="trainings-title">Trainings</h2>
        <p>
          No target group enrols its members in anything yet. Choose one, and then what its members are enrolled in.{" "}
          <a href={href("groups", { companyId })}>To the target groups</a>
        </p>
      </section>
    );
  return (
    <section class="card flush" aria-labelledby="trainings-title">
      <div class="row between">
        <h2 id="trainings-title">Trainings</h2>
        <a class="small" href={href("trainings", { companyId })}>
          {used.length > MOST_SHOWN ? `All ${formatCount(used.length)}` : "All trainings"}
        </a>
      </div>
      <Table
        caption="What most people are enrolled in"
        columns={columnsOf(companyId)}
        rows={used.slice(0, MOST_SHOWN)}
      />
    </section>
  );
}

function columnsOf(companyId: string): Column<Training>[] {
  return [
    {
      head: "Name",
      namesRow: true,
      cell: (training) => (
        <>
          <a href={trainingUrl(companyId, training)}>{training.name}</a>
          <span class="sub">{KIND_WORDS[training.kind]}</span>
        </>
      ),
    },
    {
      head: "Enrolled",
      look: "number",
      cell: ({ enrolled }) => (enrolled === null ? <span class="soft">–</span> : formatCount(enrolled)),
    },
  ];
}
