import type { Clock } from "../../../src/platform/clock.ts";

/** Where a bare loop posts to, what, and for how long. */
interface PostLoop {
  url: string;
  body: string;
  seconds: number;
}

/** What a bare loop came to. */
export interface PostLoopResult {
  posts: number;
  seconds: number;
}

/** Posts the same body again and again, one request at a time: all that an ordered delivery cannot do without. */
export async function postLoop(clock: Clock, { url, body, seconds }: PostLoop): Promise<PostLoopResult> {
  const start = clock();
  let posts = 0;
  while (clock() - start < seconds * 1000) {
    const response = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body });
    await response.body?.cancel();
    posts += 1;
  }
  return { posts, seconds: (clock() - start) / 1000 };
}
