import { changeId } from "../../changes/published-change.ts";
import type { Delivery } from "../../webhooks/webhook.ts";
import type { ListPage } from "../list-page.ts";
import { href } from "../routes.ts";
import { FilterForm, LongText, Select } from "../views/form.tsx";
import { type Column, List } from "../views/list.tsx";
import { Moment } from "../views/moments-and-counts.tsx";
import { Empty, Pill } from "../views/pills-notices-pager.tsx";

interface Props {
  at: { companyId: string; webhookId: string };
  isEnabled: boolean;
  page: ListPage<Delivery>;
  isFirst: boolean;
  status: Delivery["status"] | null;
}

/** What came of a webhook's deliveries, the newest change first, each of which can be sent again. */
export function Deliveries({ at, isEnabled, page, isFirst, status }: Props) {
  return (
    <section class="stack tight" aria-labelledby="deliveries-title">
      <h2 id="deliveries-title">Deliveries</h2>
      <FilterForm url={href("webhook", at)} action="Filter" isFiltered={status !== null}>
        <Select
          name="status"
          label="Outcome"
          values={{ status: status ?? "" }}
          options={[
            { value: "", label: "Any" },
            { value: "delivered", label: "Delivered" },
            { value: "retrying", label: "Retrying" },
            { value: "failed", label: "Failed" },
          ]}
        />
      </FilterForm>
      <div class="card flush">
        <List
          caption="Deliveries"
          columns={columnsOf(at, isEnabled)}
          page={page}
          isFirst={isFirst}
          link={(more) => href("webhook", at, { status, ...more })}
          empty={<NoDeliveries isFiltered={status !== null} />}
        />
      </div>
    </section>
  );
}

function NoDeliveries({ isFiltered }: { isFiltered: boolean }) {
  return isFiltered ? (
    <Empty icon="send" title="No delivery matches">
      <p>Try another outcome.</p>
    </Empty>
  ) : (
    <Empty icon="send" title="Nothing was sent yet">
      <p>The next change of a kind it is told of is sent at once. Deliveries are listed for 30 days.</p>
    </Empty>
  );
}

function columnsOf(at: Props["at"], isEnabled: boolean): Column<Delivery>[] {
  return [
    {
      head: "Change",
      namesRow: true,
      cell: ({ type, seq, lastAttemptAt }) => (
        <>
          <code>{type}</code>
          <span class="sub">
            {`No. ${seq} · `}
            <Moment time={lastAttemptAt} exact />
          </span>
        </>
      ),
    },
    {
      head: "Outcome",
      cell: (delivery) => (
        <>
          <Outcome delivery={delivery} />
          {isEnabled && <Resend at={at} delivery={delivery} />}
        </>
      ),
    },
  ];
}

const OUTCOMES = {
  delivered: { tone: "good", word: "Delivered" },
  retrying: { tone: "warn", word: "Retrying" },
  failed: { tone: "bad", word: "Failed" },
} as const;

function Outcome({ delivery }: { delivery: Delivery }) {
  const { status, attempts, responseStatus, responseBody, error, duration } = delivery;
  const answer = error ?? `Answered ${responseStatus}.`;
  return (
    <>
      <Pill tone={OUTCOMES[status].tone}>{OUTCOMES[status].word}</Pill>
      <span class="sub">
        {`${answer} ${duration} ms`}
        {attempts > 1 && ` · tried ${attempts} times`}
      </span>
      {responseBody !== null && responseBody !== "" && (
        <details>
          <summary class="small">What it answered</summary>
          <LongText kind="body" label={`Answer to change ${delivery.seq}`}>
            {responseBody}
          </LongText>
        </details>
      )}
    </>
  );
}

function Resend({ at, delivery }: { at: Props["at"]; delivery: Delivery }) {
  if (delivery.resendAt !== null) return <span class="sub">Being sent again</span>;
  const deliveryId = changeId(at.companyId, delivery);
  return (
    <form method="post" action={href("resendDelivery", { ...at, deliveryId })}>
      <button class="plain" type="submit" aria-label={`Send again change ${delivery.seq}`}>
        Send again
      </button>
    </form>
  );
}
