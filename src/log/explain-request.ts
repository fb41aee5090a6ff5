import { kindOf, REFUSALS, type RefusalCode } from "../scim/refusal-causes.ts";
import { RENEWAL_METHOD } from "./log-entry.ts";
import type { LogRecord } from "./log-store.ts";
import { MASK } from "./protocol-words.ts";

type Failed = Pick<LogRecord, "resourceType" | "status" | "code" | "scimType" | "detail">;
type Request = Failed &
  Pick<LogRecord, "method" | "path" | "label"> & {
    /** How many the answer to a question told of, where it is known. */
    found?: number | null;
  };

/** Why a request failed and what an admin can do about it. */
export interface Explanation {
  /** The same for all that one thing is to be done about. */
  kind: string;
  title: string;
  advice: string;
}

/** What a request meant, in one plain sentence. */
export function explainRequest(request: Request): string {
  if (request.method === RENEWAL_METHOD) return "What was stored before was brought into the form of today.";
  if (request.status >= 400 && reasonOf(request) === "address") return explainNowhere(request);
  const what = describe(request);
  if (request.status < 400) return `The provider ${what.done}${sayFound(request)}.`;
  const title = (reasonOf(request) === "other" && titleOf(request.code)) || explainFailure(request).title;
  return `The provider wanted to ${what.wish}, and that was refused: ${lowerFirst(title)}.`;
}

/** What a question about certain users or groups was answered. */
function sayFound({ method, path, found = null }: Request): string {
  if (found === null || method !== "GET" || !new URL(path, "https://rollcall.invalid").searchParams.has("filter"))
    return "";
  if (found > 1) return `: ${found} do`;
  return found === 1 ? ": yes" : ": no";
}

/** How many an answer that was kept tells of, or null when it is no list or was cut. */
export function foundIn(responseBody: string | null): number | null {
  try {
    // What was kept of an answer is JSON, unless it was cut.
    const answer = JSON.parse(responseBody ?? "null") as { totalResults?: unknown } | null;
    return typeof answer?.totalResults === "number" ? answer.totalResults : null;
  } catch {
    return null;
  }
}

/** An address that is none has no meaning: nobody wanted to list the users by `GET /Userz`. */
function explainNowhere({ method }: Request): string {
  return `The provider sent ${method} to an address at which there is nothing.`;
}

/** Why a request failed and what an admin can do about it. */
export function explainFailure(failed: Failed): Explanation {
  const thing = failed.resourceType === "Group" ? "group" : "user";
  const reason = reasonOf(failed);
  switch (reason) {
    case "taken":
      return {
        kind: `${reason} ${thing}`,
        title: `A ${thing} of this name is here already`,
        advice:
          thing === "group"
            ? "Two groups of the provider have one name here, compared without case. Rename one there, then provision again."
            : "Let the provider match by user name before it creates, or remove the other one. Then provision again.",
      };
    case "missing":
      return {
        kind: `${reason} ${thing}`,
        title: `The ${thing} is not here any more`,
        advice:
          "The provider remembers one that was removed here. Restart its provisioning, so that it looks and creates again.",
      };
    case "signIn":
      return { kind: reason, title: "The sign-in was refused", advice: failed.detail ?? UNKNOWN };
    case "other": {
      const sent = failed.resourceType === null ? "request" : thing;
      return {
        kind: `${reason} ${sent}`,
        title: `The ${sent} was not accepted as sent`,
        advice: failed.detail ?? UNKNOWN,
      };
    }
    case "address":
    case "search":
    case "quota":
      return { kind: reason, ...EXPLANATIONS[reason], ...(failed.detail !== null && { advice: failed.detail }) };
    default:
      return { kind: reason, ...EXPLANATIONS[reason] };
  }
}

/** The same of a code alone, where no single request is meant. */
export function explainCode(code: string): Explanation {
  const known = code in REFUSALS ? kindOf(code as RefusalCode) : undefined; // by the test before
  const { status, scimType = null } = known ?? { status: Number(code) || 400 };
  const resourceType = code.includes("group") ? "Group" : code.includes("user") ? "User" : null;
  const explanation = explainFailure({ resourceType, status, code, scimType, detail: null });
  return { ...explanation, title: TITLES.get(code) ?? explanation.title };
}

/** What was wrong, for codes that only the requests themselves say more of. */
const TITLES: ReadonlyMap<string, string> = new Map<RefusalCode, string>([
  ["unsupported_media_type", "Requests were not sent as JSON"],
  ["malformed_body", "Requests were no readable JSON"],
  ["body_too_complex", "Requests held too much at once"],
  ["unkeepable_value", "Values hold characters that cannot be kept"],
  ["invalid_value", "Values have a form that is not accepted"],
  ["missing_attribute", "A required attribute was missing"],
  ["self_member", "A group names itself as its member"],
  ["malformed_patch", "Changes were sent in a form that is not understood"],
  ["invalid_path", "Changes name attributes that there are not"],
  ["no_target", "Changes are about values that are not there"],
  ["read_only", "Changes are about attributes that cannot be changed"],
  ["immutable", "Changes are about attributes that cannot be changed any more"],
  ["not_removable", "Attributes were to be removed that must be there"],
  ["method_not_allowed", "Requests used a method that is not offered there"],
  ["client_secret_wrong", "Signing in failed: the client secret is wrong"],
  ["client_secret_revoked", "Signing in failed: the client secret was revoked"],
  ["client_secret_ended", "Signing in failed: the client secret has ended"],
  ["client_revoked", "Signing in failed: the client was deleted"],
  ["trust_revoked", "Signing in failed: the trust was deleted"],
  ["assertion_refused", "Signing in failed: the assertion was refused"],
  ["unknown_token", "A token that is mistyped or cut is in use"],
  ["token_revoked", "A revoked token is still in use"],
  ["token_expired", "A token that has ended is still in use"],
]);

/** The same of one request, where the words above are of several. */
const TITLES_OF_ONE: ReadonlyMap<string, string> = new Map<RefusalCode, string>([
  ["unsupported_media_type", "It was not sent as JSON"],
  ["malformed_body", "It was no readable JSON"],
  ["body_too_complex", "It held too much at once"],
  ["invalid_value", "A value has a form that is not accepted"],
  ["method_not_allowed", "It used a method that is not offered there"],
]);

function titleOf(code: string | null): string | undefined {
  return code === null ? undefined : (TITLES_OF_ONE.get(code) ?? TITLES.get(code));
}

const UNKNOWN = "Open the request to see what was wrong with it.";

const EXPLANATIONS = {
  token: {
    title: "The token was refused",
    advice: "Make a new token on this setting’s page and paste it into the provider.",
  },
  mistyped: {
    title: "The token was mistyped or cut",
    advice:
      "It begins like one of this setting’s. Copy the whole token again, or make another on the setting’s page, and paste it into the provider.",
  },
  paused: {
    title: "The setting is paused",
    advice: "Resume it when changes are to arrive again; the provider will send them anew.",
  },
  members: {
    title: "A group names people who are not here",
    advice: "Bring these people into the scope of provisioning; the next cycle adds them to the group.",
  },
  address: { title: "Nothing is at this address", advice: "Check the tenant URL at the provider." },
  search: {
    title: "The search could not be understood",
    advice: "Look at the matching attribute at the provider.",
  },
  quota: {
    title: "This goes beyond a limit of your company",
    advice: "Remove what is not needed, or have the operator raise the limit.",
  },
  large: { title: "The request was too large", advice: "Let the provider send fewer members at once." },
  changed: {
    title: "Somebody else changed it in between",
    advice: "Nothing to do: the provider reads it again and retries.",
  },
  busy: { title: "Too many requests at once", advice: "Nothing to do: the provider tries again by itself." },
  fault: {
    title: "Something went wrong on our side",
    advice: "Nothing you did. If it goes on, tell us the request’s id.",
  },
};

type Reason = keyof typeof EXPLANATIONS | "taken" | "missing" | "signIn" | "other";

/** Why the token endpoint gives no access token to a client that it knows. */
const SIGN_IN: readonly RefusalCode[] = [
  "no_client",
  "unsupported_grant_type",
  "malformed_token_request",
  "token_request_too_large",
  "client_revoked",
  "client_secret_wrong",
  "client_secret_revoked",
  "client_secret_ended",
  "trust_revoked",
  "assertion_refused",
  "issuer_unreachable",
  "not_configured",
];

/** Codes that say more than their status does. */
const REASONS: ReadonlyMap<string, Reason> = new Map<RefusalCode, Reason>([
  ["setting_paused", "paused"],
  ["unknown_token", "mistyped"],
  ...SIGN_IN.map((code) => [code, "signIn"] as const),
  ["no_such_member", "members"],
  ["quota", "quota"],
  ["no_such_address", "address"],
  ["no_such_definition", "address"],
  ["bulk_cycle", "other"],
  ["failed_dependency", "other"],
]);

/** By its code, and by status and keyword alone where it has none, as rows of before there were codes. */
function reasonOf({ resourceType, status, code, scimType }: Failed): Reason {
  const known = code === null ? undefined : REASONS.get(code);
  if (known !== undefined) return known;
  if (scimType === "uniqueness") return "taken";
  if (scimType === "invalidFilter") return "search";
  switch (status) {
    case 401:
      return "token";
    case 404:
      return resourceType === null ? "address" : "missing";
    case 409:
      return "taken";
    case 412:
      return "changed";
    case 413:
      return "large";
    case 429:
    case 503:
      return "busy";
    case 501:
      return "other";
    default:
      return status >= 500 ? "fault" : "other";
  }
}

function describe({ method, path, resourceType, label }: Request): { done: string; wish: string } {
  const noun = resourceType === "Group" ? "group" : "user";
  const named = label === null || label === "" ? `a ${noun}` : `the ${noun} “${label}”`;
  const resource = path.split("?")[0] ?? "";
  if (/\/oauth\/token\/?$/i.test(resource)) return { done: "got an access token", wish: "get an access token" };
  if (/\/Bulk\/?$/i.test(resource)) return { done: "sent many changes at once", wish: "send many changes at once" };
  if (/\/(ServiceProviderConfig|Schemas|ResourceTypes)/i.test(resource))
    return { done: "asked what this service can do", wish: "ask what this service can do" };
  switch (method) {
    case "GET":
      return describeRead(path, noun, named);
    case "POST":
      if (/\.search\/?$/i.test(resource)) return { done: `searched for ${noun}s`, wish: `search for ${noun}s` };
      return { done: `created ${named}`, wish: `create ${named}` };
    case "PUT":
      return { done: `replaced all attributes of ${named}`, wish: `replace all attributes of ${named}` };
    case "PATCH":
      return { done: `changed ${named}`, wish: `change ${named}` };
    case "DELETE":
      return { done: `removed ${named}`, wish: `remove ${named}` };
    default:
      return { done: `sent a ${method} request`, wish: `send a ${method} request` };
  }
}

function describeRead(path: string, noun: string, named: string): { done: string; wish: string } {
  const { pathname, searchParams } = new URL(path, "https://rollcall.invalid");
  const filter = searchParams.get("filter");
  const value = filter === null ? undefined : /"([^"]*)"/.exec(filter)?.[1];
  if (filter !== null) {
    const whom = value === undefined || value === MASK ? `certain ${noun}s exist` : `the ${noun} “${value}” exists`;
    return { done: `asked whether ${whom} here`, wish: `ask whether ${whom} here` };
  }
  const isOne = /\/(Users|Groups)\/[^/]+\/?$/i.test(pathname);
  return isOne
    ? { done: `read ${named}`, wish: `read ${named}` }
    : { done: `listed the ${noun}s`, wish: `list the ${noun}s` };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
