import type { Env } from "../../../src/platform/env.ts";
import worker from "../../../src/worker.ts";
import { FLOOD_SHIELDS } from "./flood-shields.ts";

export { CompanyShare, DirectoryWriter, Messenger, WebhookCourier } from "../../../src/worker.ts";

/** The same for all requests, as the runtime's own are: reads share their trips by the database they go to. */
let bindings: Env | undefined;

/** The product as it is, with its flood shields bound. */
export default {
  fetch(request, env, context) {
    bindings ??= { ...env, ...FLOOD_SHIELDS };
    return worker.fetch(request, bindings, context);
  },
} satisfies ExportedHandler<Env>;
