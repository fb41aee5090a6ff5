import { type Context, Hono } from "hono";
import * as z from "zod";
import { BEGINNING, CHANGE_TYPES, type FeedPlace } from "../changes/change.ts";
import { type FeedStretch, findFeedHead, findFeedPlace, readFeed } from "../changes/change-store.ts";
import { feedCursor, parseFeedCursor, whyLost } from "../changes/feed-cursor.ts";
import { publishChange } from "../changes/published-change.ts";
import type { ApiEnv } from "./api-env.ts";
import type { changeShape } from "./history-shapes.ts";
import { readInShareFor } from "./list-in-share.ts";
import { invalidInput, Problem } from "./problem.ts";
import { readQuery } from "./validate-input.ts";

/** The query of the change feed; `wait` is in seconds. */
export const changesQuery = z.object({
  after: z.string().min(1).max(4096).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  types: z
    .string()
    .describe(`Those wanted, separated by commas: ${CHANGE_TYPES.join(", ")}.`)
    .transform((text) => text.split(",").map((type) => type.trim()))
    .pipe(z.array(z.enum(CHANGE_TYPES)))
    .optional(),
  wait: z.coerce.number().min(0).max(25).default(0),
});
type ChangesQuery = z.output<typeof changesQuery>;

/** A quarter of a second at first, a second later: 25 s of waiting cost under 40 of the queries a request may make. */
const QUICK_POLLS = 12;
const QUICK_MS = 250;
const SLOW_MS = 1000;

/** The routes of a company's change feed. */
export function changeRoutes() {
  return new Hono<ApiEnv>()
    .get("/", readQuery(changesQuery), async (c) => {
      const query = c.req.valid("query");
      const { changes, bounds } = await awaitFeed(c, query, readAfter(c, query));
      const items: z.infer<typeof changeShape>[] = changes.rows
        .slice(0, query.limit)
        .map((change) => publishChange(change, c.var.company.id));
      const more = changes.isCut || changes.rows.length > query.limit;
      const nextCursor = more ? (items.at(-1)?.cursor ?? null) : null;
      // Up to where the feed was looked through: a reader of few types goes on from there when `items` is empty.
      const head = { seq: bounds.head, mark: bounds.headMark };
      return c.json({ items, nextCursor, readTo: nextCursor ?? feedCursor(c.var.company.id, head) });
    })
    .get("/head", async (c) => {
      const place = await findFeedPlace(c.var.database, c.var.company.key);
      return c.json({ cursor: feedCursor(c.var.company.id, place) });
    });
}

/** Reads the feed; while there is nothing to show, looks again at each new change until the time to wait is over. */
async function awaitFeed(c: Context<ApiEnv>, query: ChangesQuery, after: FeedPlace): Promise<FeedStretch> {
  const { database, company } = c.var;
  const deadline = Date.now() + query.wait * 1000;
  let stretch = await readStretch(c, query, after.seq);
  if (query.after !== undefined) assertWithinFeed(after, stretch);
  for (let poll = 0; stretch.changes.rows.length === 0; poll += 1) {
    const pause = poll < QUICK_POLLS ? QUICK_MS : SLOW_MS;
    if (Date.now() + pause > deadline) break;
    await new Promise((resolve) => setTimeout(resolve, pause));
    const { head } = stretch.bounds;
    if ((await findFeedHead(database, company.key)) > head) stretch = await readStretch(c, query, head);
  }
  return stretch;
}

/** The place after which the feed is read; its beginning leads to the oldest change kept. */
function readAfter(c: Context<ApiEnv>, { after }: ChangesQuery): FeedPlace {
  const place = after === undefined ? BEGINNING : parseFeedCursor(c.var.company.id, after);
  if (place !== null) return place;
  throw invalidInput([{ pointer: "/after", detail: "Give the cursor of an item of this company's feed." }]);
}

async function readStretch(c: Context<ApiEnv>, query: ChangesQuery, after: number): Promise<FeedStretch> {
  const page = { take: query.limit + 1, after, types: query.types ?? null };
  return readFeed(c.var.database, c.var.company.key, page, readInShareFor(c));
}

const LOST = {
  gone: "Changes after this cursor are no longer kept.",
  epoch_changed:
    "The change of this cursor is not in the feed any more: the database was restored to an earlier moment.",
};
/** What a reader does whose cursor leads nowhere any more. */
const BEGIN_AGAIN =
  "Take GET …/snapshot: its first line is a cursor, and the rest is everything there is (users, groups, auto-enrolments, members, enrolments). Put that in the place of what you hold, then follow the feed with `after` that cursor.";

function assertWithinFeed(after: FeedPlace, { bounds }: FeedStretch): void {
  const why = whyLost(after, bounds);
  if (why !== null) throw new Problem(why, `${LOST[why]} ${BEGIN_AGAIN}`);
}
