import type { Hono } from "hono";
import { selectMappedExtensions } from "../directory/mapped-extensions.ts";
import type { JsonObject } from "../scim/json.ts";
import { listResponse } from "../scim/list/list-response.ts";
import { resourceTypeDocuments, schemaDocuments, serviceProviderConfig } from "../scim/schema/discovery-documents.ts";
import type { ExtraExtension } from "../scim/schema/resource-types.ts";
import { ScimError } from "../scim/scim-error.ts";
import { selectShowsPagination } from "../settings/setting-store.ts";
import { tokenEndpoint } from "../settings/tenant-url.ts";
import { answer, setContentLocation } from "./answer.ts";
import { readLive } from "./check-live-credential.ts";
import { allowOnly } from "./method-not-allowed.ts";
import { findParameter } from "./request-parameters.ts";
import type { Door, DoorContext } from "./scim-context.ts";
import { baseUrl } from "./scim-endpoint-path.ts";

/** Lists of documents under their paths; both depend on the extensions that the setting's field mapping names. */
const COLLECTIONS: Record<string, (base: string, extensions: ExtraExtension[]) => JsonObject[]> = {
  "/ResourceTypes": resourceTypeDocuments,
  "/Schemas": schemaDocuments,
};

/** The discovery endpoints (RFC 7644 section 4). */
export function addDiscoveryRoutes(app: Hono<Door>): void {
  app.get("/ServiceProviderConfig", async (c) => {
    refuseFilter(c);
    const identity = c.get("identity");
    // Who asks without a token is of no setting, whose dialect could say otherwise.
    const shown = identity === undefined || (await readLive(c, selectShowsPagination(identity.settingKey))).value;
    const base = baseUrl(c.req.url);
    setContentLocation(c, `${base}/ServiceProviderConfig`);
    return answer(c, serviceProviderConfig(base, tokenEndpoint(c.req.url), shown));
  });
  app.all("/ServiceProviderConfig", allowOnly("GET"));

  for (const [path, list] of Object.entries(COLLECTIONS)) {
    app.get(path, async (c) => {
      refuseFilter(c);
      const resources = list(baseUrl(c.req.url), await mappedExtensions(c));
      return answer(c, listResponse({ resources, totalResults: resources.length, startIndex: 1 }));
    });
    app.all(path, allowOnly("GET"));

    app.get(`${path}/:id`, async (c) => {
      refuseFilter(c);
      const id = c.req.param("id");
      const base = baseUrl(c.req.url);
      const documents = list(base, await mappedExtensions(c));
      const found = documents.find((document) => String(document.id).toLowerCase() === id.toLowerCase());
      if (found === undefined)
        throw new ScimError("no_such_definition", `${path.slice(1)} has no ${JSON.stringify(id)}.`);
      setContentLocation(c, `${base}${path}/${found.id}`);
      return answer(c, found);
    });
    app.all(`${path}/:id`, allowOnly("GET"));
  }
}

async function mappedExtensions(c: DoorContext): Promise<ExtraExtension[]> {
  const { settingKey } = c.get("identity");
  return (await readLive(c, selectMappedExtensions(settingKey))).value;
}

/** RFC 7644 section 4: a filter on these endpoints is answered 403, so that nobody takes the whole for a part. */
function refuseFilter(c: DoorContext): void {
  if (findParameter(c, "filter") !== undefined)
    throw new ScimError("filter_not_offered", "The discovery endpoints cannot be filtered. Ask again without filter.");
}
