import type { BelievedGroup, BelievedUser, Member, PresentUser } from "./belief.ts";
import type { Attribute, Person } from "./company.ts";
import type { JsonObject } from "./document.ts";
import type { Call } from "./wire.ts";

/** The providers that can be played. */
export const PROVIDER_NAMES = [
  "entra",
  "okta",
  "okta-custom",
  "onelogin",
  "jumpcloud",
  "keycloak",
  "authentik",
  "syncope",
  "pingone",
  "oracle",
] as const;
export type ProviderName = (typeof PROVIDER_NAMES)[number];

/** What changes about a person, with the manager as its own thing. */
export type Changed = Attribute | "manager";

/** What a provider does and does not do; what its life does not have is left out. */
interface Traits {
  /** The attributes it sends, and so can judge. */
  sends: readonly Attribute[];
  /** The `count` of its page walks; null when it leaves that to the server. */
  pageSize: number | null;
  deletesUsers: boolean;
  /** Whether somebody who is not assigned any more is deactivated, and deleted much later. */
  deactivatesUnassigned?: true;
  renamesGroups: boolean;
  deletesGroups: boolean;
  createsEmptyGroups: boolean;
}

/** How a provider's connector acts on users. */
export interface UserConnector {
  /** The manager as it sends it; undefined when it sends none. */
  managerOf(person: Person): string | null | undefined;
  findUser(userName: string): Promise<JsonObject | null>;
  /** Creates the user and sets its id. */
  createUser(user: BelievedUser, active: boolean): Promise<void>;
  /** Makes a user that is at the server equal to the IdP's, and active. */
  adoptUser(user: PresentUser, found: JsonObject): Promise<void>;
  /** Runs once after the users were created; for references between them. */
  linkUser(user: PresentUser): Promise<void>;
  updateUser(user: PresentUser, changed: readonly Changed[]): Promise<void>;
  setActive(user: PresentUser, active: boolean): Promise<void>;
  deleteUser(user: PresentUser): Promise<void>;
}

/** How a provider's connector acts on groups. */
export interface GroupConnector {
  findGroup(name: string): Promise<JsonObject | null>;
  /** Creates the group with these members and sets its id. */
  createGroup(group: BelievedGroup, members: readonly Member[]): Promise<void>;
  /** Sends a change that the belief shows already. */
  changeMembers(group: BelievedGroup, join: readonly Member[], leave: readonly Member[]): Promise<void>;
  renameGroup(group: BelievedGroup, name: string): Promise<void>;
  deleteGroup(group: BelievedGroup): Promise<void>;
}

/** How one provider's connector acts; its requests, their order and their quirks are its own. */
export interface Connector extends Traits, UserConnector, GroupConnector {
  testConnection(): Promise<void>;
  /** What only this provider does, when the common life is over. */
  finish(): Promise<void>;
}

/** How a provider dresses its requests. */
export type HeadersFor = (call: Call, token: string) => Record<string, string>;
