import { app } from "./app.ts";
import type { Env } from "./platform/env.ts";

export { DirectoryWriter } from "./writer/directory-writer.ts";

export default {
  fetch: (request, env, context) => app.fetch(request, env, context),
} satisfies ExportedHandler<Env>;
