import type { BulkOperation } from "../scim/bulk/bulk-request.ts";
import type { Note } from "../scim/note.ts";
import { parsePatch } from "../scim/patch/patch.ts";
import { readResource } from "../scim/read-resource-body.ts";
import { resourceTypes } from "../scim/schema/resource-types.ts";
import type { GroupOperation, UserOperation } from "./operation.ts";

/** An item as the operation that it is, with what reading it came upon; a PATCH tells that itself when it is applied. */
export function readBulkItem(
  item: BulkOperation,
  settingId: string,
): { operation: UserOperation | GroupOperation; notes: readonly Note[] } {
  const type = resourceTypes()[item.type];
  const target = { settingId, id: item.id ?? "", ...(item.version === undefined ? {} : { ifMatch: item.version }) };
  const isUser = item.type === "User";
  switch (item.method) {
    case "POST": {
      const { document, members, notes } = readResource(type, item.data);
      return isUser
        ? { operation: { kind: "createUser", settingId, document }, notes }
        : { operation: { kind: "createGroup", settingId, document, members }, notes };
    }
    case "PUT": {
      const { document, members, notes } = readResource(type, item.data);
      return isUser
        ? { operation: { kind: "replaceUser", ...target, document }, notes }
        : { operation: { kind: "replaceGroup", ...target, document, members }, notes };
    }
    case "PATCH": {
      const request = parsePatch(type, item.data, `Operations[${item.index}].data.`);
      return { operation: { kind: isUser ? "patchUser" : "patchGroup", ...target, request }, notes: [] };
    }
    case "DELETE":
      return { operation: { kind: isUser ? "deleteUser" : "deleteGroup", ...target }, notes: [] };
  }
}
