import { changeId } from "../../changes/published-change.ts";
import type { Delivery } from "../../webhooks/webhook.ts";
import type { ListPage } from "../list-page.ts";
import { href } from "../routes.ts";
import { FilterForm, LongText, Select } from "../views/form.tsx";
import { Empty, Moment, Pager, Pill } from "../views/parts.tsx";

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
        {page.rows.length === 0 ? (
          <Empty icon="send" title={status === null ? "Nothing was sent yet" : "No delivery matches"}>
            <p>
              {status === null
                ? "The next change of a kind it is told of is sent at once. Deliveries are listed for 30 days."
                : "Try another outcome."}
            </p>
          </Empty>
        ) : (
          <>
            <DeliveryTable at={at} isEnabled={isEnabled} deliveries={page.rows} />
            {(page.next !== null || !isFirst) && (
              <Pager
                shown={`${page.rows.length} shown`}
                first={isFirst ? null : href("webhook", at, { status })}
                next={page.next === null ? null : href("webhook", at, { status, after: page.next })}
              />
            )}
          </>
        )}
      </div>
    </section>
  );
}

type TableProps = Pick<Props, "at" | "isEnabled"> & { deliveries: readonly Delivery[] };

function DeliveryTable({ at, isEnabled, deliveries }: TableProps) {
  return (
    <table>
      <caption>Deliveries</caption>
      <thead>
        <tr>
          <th scope="col">Change</th>
          <th scope="col">Outcome</th>
        </tr>
      </thead>
      <tbody>
        {deliveries.map((delivery) => (
          <tr>
            <th scope="row">
              <code>{delivery.type}</code>
              <span class="sub">
                {`No. ${delivery.seq} · `}
                <Moment time={delivery.lastAttemptAt} exact />
              </span>
            </th>
            <td>
              <Outcome delivery={delivery} />
              {isEnabled && <Resend at={at} delivery={delivery} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
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
  const deliveryId = changeId(at.companyId, delivery.seq);
  return (
    <form method="post" action={href("resendDelivery", { ...at, deliveryId })}>
      <button class="plain" type="submit" aria-label={`Send again change ${delivery.seq}`}>
        Send again
      </button>
    </form>
  );
}
