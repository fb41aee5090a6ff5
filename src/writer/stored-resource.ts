import type { Related } from "../directory/select-resources.ts";
import type { JsonObject } from "../scim/json.ts";

/** A user as the commit left it. */
export interface StoredUser {
  id: string;
  document: JsonObject;
  version: number;
  createdAt: number;
  updatedAt: number;
  /** The groups it is in. */
  related: Related[];
}

/** A group as the commit left it. */
export interface StoredGroup {
  id: string;
  document: JsonObject;
  version: number;
  createdAt: number;
  updatedAt: number;
  /** Its members, where they were asked for and are few enough. */
  related?: Related[];
}
