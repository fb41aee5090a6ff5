import { describeReached, QUOTAS, type QuotaName, type QuotaState } from "../../companies/quotas.ts";
import { type Column, Table } from "../views/list.tsx";
import { formatCount } from "../views/moments-and-counts.tsx";
import { Pill } from "../views/pills-notices-pager.tsx";

/** What each quota is of, as a heading. */
const WORDS: Record<QuotaName, string> = {
  textPerUser: "Stored text of one person (bytes)",
  valuesPerBody: "Values in one request",
  people: "People",
  credentialsPerSetting: "Live credentials of one SCIM setting",
  settings: "SCIM settings",
  fields: "Custom fields",
  webhooks: "Webhooks",
};

/** What a company may have, and how much of it is used. */
export function QuotasCard({ states }: { states: readonly QuotaState[] }) {
  return (
    <section class="card flush" aria-labelledby="quotas-title">
      <div class="row between">
        <h2 id="quotas-title">Limits</h2>
        <span class="soft small">The operator can change them.</span>
      </div>
      <Table caption="What this company may have" columns={COLUMNS} rows={states} />
    </section>
  );
}

const COLUMNS: readonly Column<QuotaState>[] = [
  { head: "Of", namesRow: true, cell: ({ name }) => WORDS[name] },
  { head: "Used", look: "number", cell: (state) => <Used state={state} /> },
  { head: "At most", look: "number", cell: ({ limit }) => formatCount(limit) },
];

function Used({ state }: { state: QuotaState }) {
  // What one person or one request may have is not used up by the others.
  if (state.used === null) return <span class="soft">for each</span>;
  return (
    <>
      <StatePill state={state} /> {formatCount(state.used)}
    </>
  );
}

function StatePill({ state: { state } }: { state: QuotaState }) {
  if (state === "free") return null;
  return state === "near" ? <Pill tone="warn">Nearly used up</Pill> : <Pill tone="bad">Used up</Pill>;
}

type NearState = QuotaState & { used: number; name: Exclude<QuotaName, "textPerUser" | "valuesPerBody"> };

/** Whether a quota is one that a company uses up, and has nearly or wholly. */
export function isNearlyUsed(state: QuotaState): state is NearState {
  const { name, used } = state;
  return used !== null && state.state !== "free" && name !== "textPerUser" && name !== "valuesPerBody";
}

/** The quotas that a company has nearly or wholly used: shown where attention is asked for. */
export function NearQuotas({ states }: { states: readonly QuotaState[] }) {
  return (
    <>
      {states.filter(isNearlyUsed).map(({ name, used, limit, state }) => (
        <div class="failure stack tight">
          <h3>{`${formatCount(used)} of ${formatCount(limit)} ${QUOTAS[name].thing} are used`}</h3>
          <p>
            {state === "reached"
              ? describeReached(name, limit)
              : "Beyond that, adding is refused, and an identity provider may stop at it. Have the operator raise the quota in time."}
          </p>
        </div>
      ))}
    </>
  );
}
