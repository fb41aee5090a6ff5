import type { LogRecord } from "./log-store.ts";

type Request = Pick<LogRecord, "method" | "path" | "resourceType" | "label" | "status" | "scimType" | "detail">;
type Failed = Pick<LogRecord, "method" | "resourceType" | "status" | "scimType" | "detail">;

/** What a request meant, in one plain sentence. */
export function explainRequest(request: Request): string {
  const what = describe(request);
  if (request.status < 400) return `The provider ${what.done}.`;
  const { title } = explainFailure(request);
  return `The provider wanted to ${what.wish}, and that was refused: ${lowerFirst(title)}.`;
}

/** Why a request failed and what an admin can do about it. */
export function explainFailure({ method, resourceType, status, scimType, detail }: Failed): {
  title: string;
  advice: string;
} {
  const thing = resourceType === "Group" ? "group" : "user";
  if (status === 401)
    return {
      title: "The token was refused",
      advice: "Make a new token on this setting's page and paste it into the provider.",
    };
  // A filter on the discovery endpoints is answered 403 too.
  if (status === 403 && /\bis paused\b/.test(detail ?? ""))
    return {
      title: "The setting is paused",
      advice: "Resume it when changes are to arrive again; the provider will send them anew.",
    };
  if (scimType === "uniqueness" || status === 409)
    return {
      title: `A ${thing} of this name is here already`,
      advice:
        resourceType === "Group"
          ? "Two groups of the provider have one name here, compared without case. Rename one there, then provision again."
          : "Let the provider match by user name before it creates, or remove the other one. Then provision again.",
    };
  if (status === 404 && resourceType === null)
    return {
      title: "Nothing is at this address",
      advice: detail ?? "Check the tenant URL at the provider.",
    };
  if (status === 404)
    return {
      title: `The ${thing} is not here any more`,
      advice:
        "The provider remembers one that was removed here. Restart its provisioning, so that it looks and creates again.",
    };
  if (scimType === "invalidFilter")
    return {
      title: "The search could not be understood",
      advice: detail ?? "Look at the matching attribute at the provider.",
    };
  if (status === 413)
    return { title: "The request was too large", advice: "Let the provider send fewer members at once." };
  if (status === 412)
    return {
      title: "Somebody else changed it in between",
      advice: "Nothing to do: the provider reads it again and retries.",
    };
  if (status === 429 || status === 503)
    return { title: "Too many requests at once", advice: "Nothing to do: the provider tries again by itself." };
  if (status >= 500 && status !== 501)
    return {
      title: "Something went wrong on our side",
      advice: "Nothing you did. If it goes on, tell us the request's id.",
    };
  if (method === "PATCH" && resourceType === "Group" && /member/i.test(detail ?? ""))
    return {
      title: "A group names people who are not here",
      advice: "Bring these people into the scope of provisioning; the next cycle adds them to the group.",
    };
  return {
    title: `The ${resourceType === null ? "request" : thing} was not accepted as sent`,
    advice: detail ?? "Open the request to see what was wrong with it.",
  };
}

function describe({ method, path, resourceType, label }: Request): { done: string; wish: string } {
  const noun = resourceType === "Group" ? "group" : "user";
  const named = label === null || label === "" ? `a ${noun}` : `the ${noun} “${label}”`;
  const resource = path.split("?")[0] ?? "";
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
    const whom = value === undefined ? `certain ${noun}s exist` : `the ${noun} “${value}” exists`;
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
