import { stripVTControlCharacters } from "node:util";
import * as z from "zod";

const requestShape = z.object({
  message: z.literal("request"),
  method: z.string(),
  path: z.string(),
  status: z.number(),
  duration: z.number(),
});

/** What wrangler tells of a request that the Worker has told of already. */
const TOLD_TWICE = /^\[wrangler:info\] [A-Z]+ .* \d{3} .*\(\d+ms\)$/;

/** How a line of `wrangler dev` is shown: a request as one short line, what would say it again not at all (null), others as they are. */
export function showDevLine(line: string, time: string): string | null {
  const plain = stripVTControlCharacters(line);
  if (TOLD_TWICE.test(plain)) return null;
  if (!plain.startsWith("{")) return line;
  const request = requestShape.safeParse(parseJson(plain));
  if (!request.success) return line;
  const { method, path, status, duration } = request.data;
  return `${time}  ${status}  ${method.padEnd(6)} ${path}  ${duration} ms`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
