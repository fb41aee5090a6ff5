import type { ResourceName } from "../directory/resource-tables.ts";
import type { Preconditions } from "../scim/entity-tag.ts";
import type { PatchRequest } from "../scim/patch/patch.ts";
import type { ReadResult } from "../scim/read-resource-body.ts";
import type { Operation } from "../writer/operation.ts";

/** What an operation on an existing resource names. */
export interface Target extends Preconditions {
  settingId: string;
  id: string;
}

/** How each verb on a resource type is said to the writer. */
interface Verbs {
  create(settingId: string, read: ReadResult): Operation;
  replace(target: Target, read: ReadResult): Operation;
  patch(target: Target, request: PatchRequest): Operation;
  remove(target: Target): Operation;
}

/** The operations of the resource types; only a group's carry members beside the document. */
export const VERBS: Record<ResourceName, Verbs> = {
  User: {
    create: (settingId, { document }) => ({ kind: "createUser", settingId, document }),
    replace: (target, { document }) => ({ kind: "replaceUser", ...target, document }),
    patch: (target, request) => ({ kind: "patchUser", ...target, request }),
    remove: (target) => ({ kind: "deleteUser", ...target }),
  },
  Group: {
    create: (settingId, { document, members }) => ({ kind: "createGroup", settingId, document, members }),
    replace: (target, { document, members }) => ({ kind: "replaceGroup", ...target, document, members }),
    patch: (target, request) => ({ kind: "patchGroup", ...target, request }),
    remove: (target) => ({ kind: "deleteGroup", ...target }),
  },
};
