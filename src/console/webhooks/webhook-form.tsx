import { CHANGE_TYPES } from "../../changes/change.ts";
import type { Webhook } from "../../webhooks/webhook.ts";
import { readWebhookAddress, type WebhookAddress } from "../../webhooks/webhook-url.ts";
import type { Errors, Values } from "../read-form.ts";
import { Choice, ErrorSummary, FieldError, Input } from "../views/form.tsx";

const TYPE_PREFIX = "type.";

/** What a webhook's form says: its address, and which changes it is told of (null for all). */
type WebhookInput = { address: WebhookAddress; types: string[] | null };

/** Reads and judges a webhook's form by the rules of the management API. */
export function readWebhookForm(values: Values, ownUrl: string): { input: WebhookInput | null; errors: Errors } {
  const url = (values.url ?? "").trim();
  const { address, refusal } = readWebhookAddress(url, ownUrl);
  const types =
    values.which === "some" ? CHANGE_TYPES.filter((type) => values[TYPE_PREFIX + type] !== undefined) : null;
  const errors: Errors = {
    ...(refusal !== null && { url: url === "" ? "Give the address of the receiver." : refusal }),
    ...(types?.length === 0 && { types: "Choose at least one kind of change, or all of them." }),
  };
  const isRight = address !== null && Object.keys(errors).length === 0;
  return { input: isRight ? { address, types } : null, errors };
}

/** A webhook as the values of its form. */
export function toValues({ url, types }: Pick<Webhook, "url" | "types">): Values {
  const chosen = Object.fromEntries((types ?? []).map((type) => [TYPE_PREFIX + type, "on"]));
  return { url, which: types === null ? "all" : "some", ...chosen };
}

/** The fields of a webhook. */
export function WebhookFields({ values, errors }: { values: Values; errors: Errors }) {
  const isSome = values.which === "some";
  return (
    <>
      <ErrorSummary errors={errors} />
      <Input
        name="url"
        label="Address of the receiver"
        values={values}
        errors={errors}
        hint="An https address on the public Internet. Every change is sent there by POST, signed, in order."
        placeholder="https://example.com/rollcall"
        autocomplete="off"
        maxlength={2000}
        mono
      />
      <fieldset aria-describedby={errors.types === undefined ? undefined : "types-error"}>
        <legend>What it is told of</legend>
        <div class="choices">
          <Choice name="which" value="all" title="Every change" checked={!isSome} />
          <Choice
            name="which"
            value="some"
            title="Only some kinds"
            checked={isSome}
            autofocus={errors.types !== undefined}
          />
        </div>
        <div class="when-some ticks">
          {CHANGE_TYPES.map((type) => (
            <label>
              <input type="checkbox" name={TYPE_PREFIX + type} checked={values[TYPE_PREFIX + type] !== undefined} />
              <code>{type}</code>
            </label>
          ))}
        </div>
        <FieldError name="types" errors={errors} />
      </fieldset>
    </>
  );
}
