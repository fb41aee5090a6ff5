import { systemClock } from "../../../src/platform/clock.ts";
import { postLoop } from "./post-loop.ts";
import { readSettingKey, seedGroup, seedUsers } from "./seed-directory.ts";

export { FreeShare } from "./free-share.ts";

interface Env {
  DB: D1Database;
}

/** The bench's own tools, which have to run where D1 is near. */
export default {
  async fetch(request, { DB }) {
    const body: never = await request.json();
    switch (new URL(request.url).pathname) {
      case "/seed-users":
        return Response.json(await seedUsers(DB, systemClock, body));
      case "/setting-key":
        return Response.json(await readSettingKey(DB, body));
      case "/seed-group":
        return Response.json(await seedGroup(DB, systemClock, body));
      case "/post-loop":
        return Response.json(await postLoop(systemClock, body));
      default:
        return new Response(null, { status: 404 });
    }
  },
} satisfies ExportedHandler<Env>;
