import { describeApi } from "../../src/management-api/open-api/open-api.ts";
import { type Document, judgeJson, type Schema } from "./judge-json.ts";

interface Answer {
  $ref?: string;
  content?: Record<string, { schema: Schema }>;
}
interface Api extends Document {
  paths: Record<string, Record<string, { responses: Record<string, Answer> }>>;
  components: Document["components"] & { responses: Record<string, Answer> };
}

// Plain data, as readers of the document have it.
const api = JSON.parse(JSON.stringify(describeApi("https://rollcall.test"))) as Api;
const routes = Object.entries(api.paths).map(([path, methods]) => ({
  form: new RegExp(`^${path.replaceAll(".", "\\.").replace(/\{\w+\}/g, "[^/]+")}/?$`),
  methods,
}));

/** An answer of the management API, as far as it is judged. */
interface Given {
  status: number;
  headers: Headers;
  text: string;
}

/** Throws where an answer is not as the description of the API says: its status, its members, all of them and no others. */
export function assertDocumented(method: string, path: string, { status, headers, text }: Given): void {
  const [bare = ""] = path.split("?", 1);
  const responses = routes.find(({ form }) => form.test(bare))?.methods[method.toLowerCase()]?.responses;
  if (responses === undefined) return;
  const named = responses[status] ?? (status >= 400 ? responses.default : undefined);
  if (named === undefined) throw new Error(`${method} ${path}: ${status} is not described`);
  const answer = named.$ref === undefined ? named : api.components.responses[named.$ref.split("/").at(-1) ?? ""];
  const [[type, media] = []] = Object.entries(answer?.content ?? {});
  if (type === undefined || media === undefined) {
    if (text !== "") throw new Error(`${method} ${path}: ${text} is not described`);
    return;
  }
  if (!headers.get("content-type")?.startsWith(type)) throw new Error(`${method} ${path}: is not ${type}`);
  const values = type === "application/x-ndjson" ? text.trim().split("\n") : [text];
  const faults = values.flatMap((value) => judgeJson(api, media.schema, JSON.parse(value)));
  if (faults.length > 0) throw new Error(`${method} ${path} ${status}: ${faults.join("\n")}\n${text}`);
}

/** What of an entry of the feed is not as the catalogue of changes says. */
export function judgeChange(change: unknown): string[] {
  return judgeJson(api, { $ref: "#/components/schemas/Change" }, change);
}
