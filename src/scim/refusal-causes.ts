/** The keywords that tell a client why a request was refused (RFC 7644 section 3.12, RFC 9865 section 2.3). */
export type ScimType =
  | "invalidFilter"
  | "tooMany"
  | "uniqueness"
  | "mutability"
  | "invalidSyntax"
  | "invalidPath"
  | "noTarget"
  | "invalidValue"
  | "invalidVers"
  | "sensitive"
  | "invalidCursor"
  | "expiredCursor"
  | "invalidCount";

interface Kind {
  readonly status: number;
  readonly scimType?: ScimType;
}

/**
 * Every cause for which a request can be refused, at any door, with the one status and keyword it is answered with. Codes
 * stand in the provisioning log and in problem details (RFC 9457), so none is renamed or used for another cause.
 */
export const REFUSALS = {
  // Who asks.
  no_token: { status: 401 },
  unknown_token: { status: 401 },
  token_revoked: { status: 401 },
  token_expired: { status: 401 },
  operator_key_required: { status: 401 },
  no_client: { status: 401 },
  unknown_client: { status: 401 },
  client_revoked: { status: 401 },
  client_secret_wrong: { status: 401 },
  client_secret_revoked: { status: 401 },
  client_secret_ended: { status: 401 },
  trust_revoked: { status: 401 },
  assertion_refused: { status: 401 },
  issuer_unreachable: { status: 503 },
  unsupported_grant_type: { status: 400 },
  malformed_token_request: { status: 400 },
  token_request_too_large: { status: 413 },
  setting_paused: { status: 403 },
  rate_limited: { status: 429 },
  /** What no index answers, past the company's share of the database. */
  share_used_up: { status: 429 },

  // What is asked for.
  no_such_address: { status: 404 },
  method_not_allowed: { status: 405 },
  not_offered: { status: 501 },
  filter_not_offered: { status: 403 },

  // The body as such.
  unsupported_media_type: { status: 415 },
  body_too_large: { status: 413 },
  malformed_body: { status: 400, scimType: "invalidSyntax" },
  body_too_complex: { status: 400, scimType: "invalidSyntax" },
  unkeepable_value: { status: 400, scimType: "invalidSyntax" },
  /** An input of the management API, which names each faulty member. */
  invalid_input: { status: 400 },

  // What a resource says.
  invalid_value: { status: 400, scimType: "invalidValue" },
  missing_attribute: { status: 400, scimType: "invalidValue" },
  resource_too_large: { status: 413 },
  no_such_member: { status: 400, scimType: "invalidValue" },
  self_member: { status: 400, scimType: "invalidValue" },

  // PATCH.
  malformed_patch: { status: 400, scimType: "invalidSyntax" },
  too_many_operations: { status: 413 },
  invalid_path: { status: 400, scimType: "invalidPath" },
  no_target: { status: 400, scimType: "noTarget" },
  read_only: { status: 400, scimType: "mutability" },
  immutable: { status: 400, scimType: "mutability" },
  not_removable: { status: 400, scimType: "mutability" },

  // Lists.
  invalid_filter: { status: 400, scimType: "invalidFilter" },
  filter_too_costly: { status: 400, scimType: "invalidFilter" },
  invalid_parameter: { status: 400, scimType: "invalidValue" },
  invalid_count: { status: 400, scimType: "invalidCount" },
  invalid_cursor: { status: 400, scimType: "invalidCursor" },
  expired_cursor: { status: 400, scimType: "expiredCursor" },

  // Bulk.
  malformed_bulk: { status: 400, scimType: "invalidSyntax" },
  invalid_bulk_path: { status: 400, scimType: "invalidValue" },
  invalid_bulk_id: { status: 400, scimType: "invalidValue" },
  bulk_cycle: { status: 409 },
  failed_dependency: { status: 409 },

  // What is not there; another company's things are not told apart from none.
  no_such_user: { status: 404 },
  no_such_group: { status: 404 },
  no_such_definition: { status: 404 },
  no_such_company: { status: 404 },
  no_such_setting: { status: 404 },
  no_such_token: { status: 404 },
  no_such_client: { status: 404 },
  no_such_secret: { status: 404 },
  no_such_trust: { status: 404 },
  no_such_field: { status: 404 },
  no_such_target_group: { status: 404 },
  no_such_enrolment: { status: 404 },
  no_such_webhook: { status: 404 },
  no_such_delivery: { status: 404 },
  no_such_request: { status: 404 },
  no_such_hold: { status: 404 },
  no_such_alert: { status: 404 },
  no_such_channel: { status: 404 },
  gone: { status: 410 },
  /** A cursor of a feed that is no more: the database was restored to a moment before it. */
  epoch_changed: { status: 410 },

  // What stands against it.
  user_name_taken: { status: 409, scimType: "uniqueness" },
  group_name_taken: { status: 409, scimType: "uniqueness" },
  target_group_name_taken: { status: 409, scimType: "uniqueness" },
  setting_name_taken: { status: 409, scimType: "uniqueness" },
  field_key_taken: { status: 409, scimType: "uniqueness" },
  version_mismatch: { status: 412 },
  standard_field: { status: 409 },
  managed: { status: 409 },
  /** People wait in a hold whom the request would touch. */
  hold_open: { status: 409 },
  hold_closed: { status: 409 },
  alert_closed: { status: 409 },
  /** A link that confirms an address was sent there, or as many as may be. */
  link_sent: { status: 409 },
  too_many_channels: { status: 409 },
  not_held: { status: 409 },
  /** A version of a hold that it has not come to. */
  version_not_shown: { status: 409 },
  /** What was carried out before a hold, of which nothing is left to be undone. */
  nothing_to_undo: { status: 409 },
  being_removed: { status: 409 },
  in_use: { status: 409 },
  /** A completed enrolment cannot be opened again once the person is enrolled in the item anew. */
  newer_enrolment: { status: 409 },
  /** A setting that no longer fits the company's fields, which changed meanwhile. */
  fields_changed: { status: 409 },
  /** A setting whose configuration is not the one any more that was looked at. */
  setting_changed: { status: 409 },
  made_before: { status: 409 },
  webhook_disabled: { status: 409 },
  too_many_secrets: { status: 409 },
  /** Of a request with an Idempotency-Key: the same one at the same time, and another one with the same key. */
  request_under_way: { status: 409 },
  key_reused: { status: 422 },
  keys_used_up: { status: 403 },

  // What the company may have: so many things, and nothing larger than so much; both are told as `quota`.
  quota: { status: 403 },
  quota_size: { status: 413 },

  // The state of the service.
  queue_full: { status: 429 },
  busy: { status: 503 },
  outcome_unknown: { status: 503 },
  no_tables: { status: 503 },
  not_configured: { status: 503 },
  token_unpublished: { status: 503 },
  internal_error: { status: 500 },
} as const satisfies Record<string, Kind>;

/** A cause of refusal. */
export type RefusalCode = keyof typeof REFUSALS;

/** A status that a refusal can have. */
export type RefusalStatus = (typeof REFUSALS)[RefusalCode]["status"];

/** A code as logs and answers tell it: a client that meets a quota has the status to tell a number from a size. */
export function publicCode(code: RefusalCode): RefusalCode {
  return code === "quota_size" ? "quota" : code;
}

/** The status and keyword of a code. */
export function kindOf(code: RefusalCode): { status: RefusalStatus; scimType?: ScimType } {
  return REFUSALS[code];
}
