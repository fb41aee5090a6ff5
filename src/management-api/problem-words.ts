import { kindOf, publicCode, REFUSALS, type RefusalCode } from "../scim/refusal-causes.ts";

/** What codes mean of which the sentence in `detail` does not say all, and what to do. */
const MEANINGS: { [Code in RefusalCode]?: string } = {
  operator_key_required: "Send the operator key as `Authorization: Bearer <OPERATOR_KEY>`.",
  not_configured: "This Rollcall has no secret, or one that can be guessed: whoever runs it has to set it.",
  invalid_input: "A member or a parameter is missing, unknown or wrong: `errors` names each by JSON pointer.",
  malformed_body: "The body is no JSON.",
  invalid_cursor: "The cursor belongs to another list, company or filter, or was altered: start without one.",
  unsupported_media_type: "Send the body as `application/json`.",
  body_too_large: "The body is larger than 1 MB: send less at once.",
  quota: "The company has as much as it may have: remove something, or have the operator set another quota.",
  gone: "What was asked for is no longer kept. Of the feed: take `GET …/snapshot`, put it in the place of what you hold, and follow the feed from its cursor.",
  epoch_changed:
    "The database was restored to a moment before the change of this cursor. Take `GET …/snapshot`, put it in the place of what you hold, and follow the feed from its cursor.",
  managed: "A SCIM setting manages it: change the setting, or the person or group at the identity provider.",
  being_removed: "The person goes in steps under way, with the SCIM setting that was deleted.",
  in_use:
    "Something else uses it: the detail says what. Change that first, or say `force` where there is such a parameter.",
  newer_enrolment:
    "The person has been enrolled in the item again since it completed this: report the progress of the newer enrolment.",
  standard_field: "Every company keeps the standard fields.",
  hold_open: "People wait in a hold whom this would touch: decide about them first, or say `holds=leave`.",
  hold_closed: "Nothing waits in this hold any more.",
  not_held: "Nothing of this person, or of these people, waits.",
  link_sent:
    "An e-mail address gets a link that confirms it every ten minutes at most, and five in a day: wait a little.",
  version_not_shown: "The hold has not come to this version: read it, and decide with the version it has.",
  nothing_to_undo:
    "Of what was carried out before the hold nothing can be undone, or nothing of the people named: `GET …/applied` says of each why.",
  field_key_taken: "The company has a field of this key.",
  target_group_name_taken: "The company has a target group of this name; names are compared without case.",
  setting_name_taken:
    "Another SCIM setting of the company has this name, which tells them apart; names are compared without case.",
  fields_changed:
    "The company's fields changed meanwhile, and the setting does not fit them any more: read them again.",
  webhook_disabled: "The webhook is switched off: switch it on first.",
  too_many_secrets: "The client has five live secrets: delete one first.",
  request_under_way: "The same request with this Idempotency-Key is being carried out: send it again in a moment.",
  key_reused: "This Idempotency-Key was given with another request within the last day: give a new one.",
  rate_limited: "Too many requests: send it again after Retry-After.",
  share_used_up:
    "The company's share of what no index answers is used up: send it again after Retry-After, or ask for what an index answers.",
  queue_full: "Too many changes of this company wait: send it again after Retry-After. Nothing was changed.",
  busy: "Too busy just now: send it again after Retry-After. Nothing was changed.",
  outcome_unknown: "It is not known whether it was done: look, or send it again with its Idempotency-Key.",
  token_unpublished: "The token is there but cannot be used yet: make another one.",
  internal_error: "Something went wrong on Rollcall's side: tell whoever runs it the `requestId`.",
  no_tables: "The database has no tables yet: whoever runs this Rollcall has to apply the migrations.",
};

/** What a code of a problem means, as text; null for one that there is not. */
export function explainProblem(code: string): string | null {
  if (!isCode(code) || publicCode(code) !== code) return null;
  const meaning =
    MEANINGS[code] ?? (code.startsWith("no_such_") ? "It is not there, or belongs to another company." : null);
  const rest = "The `detail` of the problem says what stands against it.";
  return `${kindOf(code).status} ${code}: ${meaning ?? rest}\n`;
}

function isCode(code: string): code is RefusalCode {
  return Object.hasOwn(REFUSALS, code);
}
