import { kindOf, type RefusalCode } from "../../scim/refusal-causes.ts";
import { PROBLEMS, TITLES } from "../problem.ts";
import type { DescribedOperation } from "./described-operation.ts";

const REQUEST_ID = { $ref: "#/components/headers/X-Request-Id" };
const RETRY_AFTER = { $ref: "#/components/headers/Retry-After" };

/** The headers that answers have. */
export const HEADERS = {
  "X-Request-Id": {
    description: "Names this request: in the cause of every change that it makes, in problems, and in the log",
    schema: { type: "string" },
    example: "0199a1c2-7d3e-7b4f-8a5d-6e7f8091a2b3",
  },
  "Retry-After": {
    description: "In how many seconds the same request may be sent again",
    schema: { type: "integer" },
    example: 5,
  },
  "Idempotency-Replayed": {
    description:
      "`true` where the request with this Idempotency-Key was carried out before: the answer shows the resource as it is now, without a secret",
    schema: { type: "string", enum: ["true"] },
    example: "true",
  },
};

/** A refusal of each status, as its example has it. */
const FOR_EXAMPLE: Record<string, [code: RefusalCode, detail: string]> = {
  400: ["invalid_input", "/name: This member is required."],
  401: ["operator_key_required", "Send the operator key as `Authorization: Bearer <OPERATOR_KEY>`."],
  403: ["quota", "The company has 20 webhooks, as many as it may have."],
  404: ["no_such_company", 'There is no company "0199a1c2-7d3e-7b4f-8a5d-6e7f8091a2b3" here.'],
  409: ["in_use", '"Sales" has 6 members and enrols them in 2 items: with `force=true` they leave it.'],
  410: ["gone", "Changes after this cursor are no longer kept."],
  413: ["body_too_large", "The body is larger than 1 MB."],
  415: ["unsupported_media_type", "Send the body as application/json."],
  422: ["key_reused", "This Idempotency-Key was given with another request: give a new one."],
  429: ["rate_limited", "Too many requests."],
  500: ["internal_error", "Something went wrong."],
  503: ["busy", "Too busy just now. Nothing was changed."],
};

/** What refusals of each status say, in words. */
const REFUSED: Record<string, string> = {
  400: "The request does not fit the description: `errors` names the members or parameters by JSON pointer",
  401: "The operator key is missing or wrong",
  403: "A quota of the company is used up (`quota`)",
  404: "There is no such thing in this company, or no such company",
  409: "Something stands against it that the code names: it is taken, in use, managed by a SCIM setting, or asked for at the same time",
  410: "The change is no longer kept (`gone`), or the database was restored to a moment before it (`epoch_changed`)",
  413: "The body is larger than 1 MB, or a value larger than its quota",
  415: "The body is not JSON",
  422: "The Idempotency-Key was given with another request (`key_reused`)",
  429: "Too many requests, or the company's share of what no index answers is used up: send it again after Retry-After",
  500: "Something went wrong on Rollcall's side",
  503: "Not configured, or too busy just now: send it again after Retry-After",
};

/** The refusals that several operations share; `origin` is where addresses of problems begin. */
export function describeRefusals(problem: unknown, origin: string): Record<string, unknown> {
  const described = Object.entries(REFUSED).map(([status, description]) => [
    `Refused${status}`,
    {
      description,
      headers: { "X-Request-Id": REQUEST_ID, ...(isLater(status) && { "Retry-After": RETRY_AFTER }) },
      content: { "application/problem+json": { schema: problem, example: exampleOfRefusal(status, origin) } },
    },
  ]);
  return { ...Object.fromEntries(described), Refused: { ...describeDefault(problem, origin) } };
}

function describeDefault(problem: unknown, origin: string) {
  return {
    description: "Refused, and why (RFC 9457)",
    headers: { "X-Request-Id": REQUEST_ID },
    content: { "application/problem+json": { schema: problem, example: exampleOfRefusal("400", origin) } },
  };
}

function exampleOfRefusal(of: string, origin: string): Record<string, unknown> {
  const [code, detail] = FOR_EXAMPLE[of] ?? ["internal_error", ""];
  const { status } = kindOf(code);
  return {
    ...{ type: `${origin}${PROBLEMS}${code}`, title: TITLES[status], status, code, detail },
    requestId: HEADERS["X-Request-Id"].example,
    ...(status === 400 && { errors: [{ pointer: "/name", detail: "This member is required." }] }),
  };
}

function isLater(status: string): boolean {
  return status === "429" || status === "503";
}

/** The refusals that an operation can meet, by their statuses. */
export function refusalsOf({ route, body }: DescribedOperation): Record<string, { $ref: string }> {
  const [method = "", path = ""] = route.split(" ");
  const isRead = method === "GET";
  const statuses = [
    ...["400", "401"],
    ...(isRead ? [] : ["403"]),
    ...(path.includes("{") ? ["404"] : []),
    ...(isRead ? [] : ["409"]),
    ...(/\/(changes|resume|resend)$/.test(path) ? ["410"] : []),
    ...(body === undefined ? [] : ["413", "415"]),
    ...(method === "POST" ? ["422"] : []),
    ...["429", "500", "503"],
  ];
  const refs = statuses.map((status) => [status, { $ref: `#/components/responses/Refused${status}` }]);
  return { ...Object.fromEntries(refs), default: { $ref: "#/components/responses/Refused" } };
}

/** The headers of what was done. */
export function headersOfDone(method: string): Record<string, { $ref: string }> {
  return {
    "X-Request-Id": REQUEST_ID,
    ...(method === "POST" && { "Idempotency-Replayed": { $ref: "#/components/headers/Idempotency-Replayed" } }),
  };
}
