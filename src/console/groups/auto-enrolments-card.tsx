import type { GroupAutoEnrolment } from "../../enrolment/enrolment-store.ts";
import type { StoppedItem } from "../../enrolment/stopped-item-store.ts";
import { describeTerms } from "../people/progress-words.tsx";
import type { Errors, Values } from "../read-form.ts";
import { href } from "../routes.ts";
import { trainingUrl } from "../trainings/training-words.ts";
import { ErrorSummary, FieldError, Input } from "../views/form.tsx";
import { Moment } from "../views/moments-and-counts.tsx";

interface EnrolmentProps {
  at: { companyId: string; groupId: string };
  items: readonly GroupAutoEnrolment[];
  /** What it enrolled them in until that was stopped, the latest first. */
  stops: readonly StoppedItem[];
  /** Whether the platform says what there is to choose from. */
  isOffered: boolean;
  values: Values;
  errors: Errors;
}

/** What a target group enrols its members in, and the form for one more. */
export function AutoEnrolments({ at, items, stops, isOffered, values, errors }: EnrolmentProps) {
  return (
    <section class="card stack" aria-labelledby="auto-title">
      <h2 id="auto-title">Enrols members in</h2>
      {items.length === 0 && <p class="soft">Nothing yet.</p>}
      {items.length > 0 && (
        <ul class="plain-list">
          {items.map(({ kind, id, name, ...terms }) => (
            <li class="row between">
              <span>
                <a href={trainingUrl(at.companyId, { kind, id })}>{name}</a>{" "}
                <span class="tag">{kind === "phishing" ? "phishing simulation" : "training"}</span>
                {describeTerms(terms) !== "" && <span class="soft small">{` ${describeTerms(terms)}`}</span>}
              </span>
              <span class="row">
                <a class="button plain" href={href("itemTerms", at, { kind, id })}>
                  Terms<span class="hidden">{` of ${name}`}</span>
                </a>
                <a class="button plain danger" href={href("removeAutoEnrolment", at, { kind, id })}>
                  Remove<span class="hidden">{` ${name}`}</span>
                </a>
              </span>
            </li>
          ))}
        </ul>
      )}
      {stops.length > 0 && <Stopped at={at} stops={stops} />}
      {isOffered ? (
        <p>
          <a class="button" href={href("chooseItem", at)}>
            Add a training or a phishing simulation
          </a>
        </p>
      ) : (
        <AddItem at={at} values={values} errors={errors} />
      )}
    </section>
  );
}

function Stopped({ at, stops }: Pick<EnrolmentProps, "at" | "stops">) {
  return (
    <>
      <h3>Stopped</h3>
      <ul class="plain-list">
        {stops.map(({ item, stoppedAt }) => (
          <li class="row between">
            <span>
              {item.name}{" "}
              <span class="soft small">
                <Moment time={stoppedAt} />
              </span>
            </span>
            <UndoLink at={at} item={item} look="button plain" />
          </li>
        ))}
      </ul>
    </>
  );
}

interface UndoLinkProps extends Pick<EnrolmentProps, "at">, Pick<StoppedItem, "item"> {
  /** The class of a link that looks like a button. */
  look?: string;
}

/** The way to undo that a target group enrols in an item no more. */
export function UndoLink({ at, item: { kind, id, name }, look }: UndoLinkProps) {
  return (
    <a class={look} href={href("undoItem", at, { kind, id })}>
      Undo…<span class="hidden">{` enrol in ${name} again`}</span>
    </a>
  );
}

function AddItem({ at, values, errors }: Omit<EnrolmentProps, "items" | "stops" | "isOffered">) {
  return (
    <details open={["", "kind", "id", "name"].some((field) => errors[field] !== undefined)}>
      <summary>Add a training or a phishing simulation</summary>
      <form class="stack" method="post" action={href("addAutoEnrolment", at)}>
        {errors[""] !== undefined && <ErrorSummary errors={errors} />}
        <div class="field">
          <label for="kind">Kind</label>
          <select id="kind" name="kind">
            <option value="training">Training</option>
            <option value="phishing" selected={values.kind === "phishing"}>
              Phishing simulation
            </option>
          </select>
          <FieldError name="kind" errors={errors} />
        </div>
        <Input
          name="id"
          label="Id in the platform"
          values={values}
          errors={errors}
          maxlength={200}
          autocomplete="off"
        />
        <Input name="name" label="Name" values={values} errors={errors} maxlength={200} autocomplete="off" />
        <p>
          <button type="submit">Continue…</button>
        </p>
      </form>
    </details>
  );
}
