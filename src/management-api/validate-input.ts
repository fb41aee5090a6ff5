import { zValidator } from "@hono/zod-validator";
import type * as z from "zod";
import { isStorable } from "../scim/json.ts";
import type { InputProblem } from "../settings/judge-mappings-and-grouping.ts";
import { invalidInput } from "./problem.ts";

/** Validates a JSON body; a request without a body counts as `{}`. */
export function readBody<Schema extends z.ZodType>(schema: Schema) {
  return zValidator("json", schema, (result) => {
    if (!result.success) throw invalidInput(toInputProblems(result.error.issues, result.data));
    const problems = findUnstorable(result.data, []);
    if (problems.length > 0) throw invalidInput(problems);
  });
}

/** The texts of validated input that would read back other than sent. */
function findUnstorable(value: unknown, path: readonly string[]): InputProblem[] {
  if (typeof value === "string")
    return isStorable(value) ? [] : [{ pointer: toPointer(path), detail: "NUL and half characters cannot be kept." }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => findUnstorable(inner, [...path, name]));
}

/** Validates the query parameters; `errors` point at them as if they were members of an object. */
export function readQuery<Schema extends z.ZodType>(schema: Schema) {
  return zValidator("query", schema, (result) => {
    if (!result.success) throw invalidInput(toInputProblems(result.error.issues, result.data));
  });
}

/** The issues zod found, as JSON pointers and plain words. */
export function toInputProblems(issues: readonly z.core.$ZodIssue[], sent: unknown): InputProblem[] {
  return issues.flatMap((issue) => {
    const pointer = toPointer(issue.path);
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => ({ pointer: pointer + toPointer([key]), detail: "There is no such member." }));
    return [{ pointer, detail: explain(issue, sent) }];
  });
}

function explain(issue: z.core.$ZodIssue, sent: unknown): string {
  switch (issue.code) {
    case "invalid_type":
      return isMissing(sent, issue.path) ? "This member is required." : `Give a ${issue.expected}.`;
    case "invalid_value":
      return `Give one of: ${issue.values.map(String).join(", ")}.`;
    case "too_small":
      return issue.origin === "string" ? "This text must not be empty." : `The least is ${issue.minimum}.`;
    case "too_big":
      return issue.origin === "string" ? `Give at most ${issue.maximum} characters.` : `The most is ${issue.maximum}.`;
    default:
      return issue.message;
  }
}

/** Whether input holds nothing at a path. */
function isMissing(sent: unknown, path: readonly PropertyKey[]): boolean {
  let value = sent;
  for (const part of path) {
    if (typeof value !== "object" || value === null) return true;
    value = Object.entries(value).find(([name]) => name === String(part))?.[1];
  }
  return value === undefined;
}

/** Names as a JSON pointer (RFC 6901). */
export function toPointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
