import type { BelievedGroup, Member } from "../belief.ts";
import { membersOf } from "../belief.ts";
import { type Attribute, type Person, textOf } from "../company.ts";
import { GROUP, type JsonObject, objectOf, PATCH_OP } from "../document.ts";
import { createTurns } from "../pool.ts";
import type { Connector, GroupConnector, HeadersFor, UserConnector } from "../provider.ts";
import { createOrAdopt, request, requestDelete, requestMatch, requestProbe, type Session } from "../session.ts";
import type { Call } from "../wire.ts";

/** What sets the plainer clients apart: all look a resource up by name, create it, and send users whole by PUT. */
export interface PlainClient {
  sends: readonly Attribute[];
  /** A user without id and active. */
  profileOf(person: Person): JsonObject;
  /** How a user is deactivated: by the whole, or by a PATCH of `active`. */
  setsActiveBy: "PUT" | "PATCH";
  /** How members change: the whole group by PUT, an operation for each member, or a list for all of them. */
  changesMembersBy: "PUT" | "operations" | "list";
  /** A member as the client writes it. */
  elementOf(member: Member): JsonObject;
  /** Whether it stops at `pagination` in ServiceProviderConfig. */
  stopsAtPagination: boolean;
}

/** JSON in, JSON out. */
export const plainHeaders: HeadersFor = (call, token) => ({
  Authorization: `Bearer ${token}`,
  Accept: "application/scim+json",
  ...(call.body === undefined ? {} : { "Content-Type": "application/scim+json" }),
});

/** A client that is no more than its traits say. */
export function createPlain(session: Session, client: PlainClient): Connector {
  return {
    sends: client.sends,
    pageSize: 100,
    deletesUsers: true,
    renamesGroups: true,
    deletesGroups: true,
    createsEmptyGroups: true,
    ...createUsers(session, client),
    ...createGroups(session, client),
    testConnection: async () => {
      const probe: Call = { method: "GET", target: "/ServiceProviderConfig", kind: "GET /ServiceProviderConfig" };
      const { pagination } = objectOf((await requestProbe(session, probe, [200])).body);
      if (client.stopsAtPagination && pagination !== undefined)
        session.report("connection test: ServiceProviderConfig shows pagination, at which this client stops");
    },
    finish: async () => {},
  };
}

function createUsers(session: Session, client: PlainClient): UserConnector {
  const findUser = (userName: string) => find(session, "Users", "userName", userName);
  const put = async (id: string, person: Person, active: boolean) => {
    const body = { ...client.profileOf(person), id, active };
    await request(session, { method: "PUT", target: `/Users/${id}`, kind: "PUT /Users/{id}", body }, [200]);
  };
  return {
    managerOf: () => undefined,
    findUser,
    createUser: async (user, active) => {
      const body = { ...client.profileOf(user.person), active };
      const call: Call = { method: "POST", target: "/Users", kind: "POST /Users", body };
      user.id = await createOrAdopt(session, call, () => findUser(textOf(user.person, "userName")));
    },
    adoptUser: ({ id, person }) => put(id, person, true),
    linkUser: async () => {},
    updateUser: ({ id, person, state }) => put(id, person, state === "active"),
    setActive: ({ id, person }, active) =>
      client.setsActiveBy === "PUT"
        ? put(id, person, active)
        : patch(session, `/Users/${id}`, "PATCH /Users/{id}", [{ op: "replace", path: "active", value: active }]),
    deleteUser: ({ id }) =>
      requestDelete(session, { method: "DELETE", target: `/Users/${id}`, kind: "DELETE /Users/{id}" }),
  };
}

function createGroups(session: Session, client: PlainClient): GroupConnector {
  const findGroup = (name: string) => find(session, "Groups", "displayName", name);
  // A PUT says all there is to say of a group: the later one is the right one.
  const inTurn = createTurns<BelievedGroup>();
  const put = async (group: BelievedGroup, name: string) => {
    const members = membersOf(group).map(client.elementOf);
    // A group without members has none to say anything of.
    const body = { schemas: [GROUP], id: group.id, displayName: name, ...(members.length === 0 ? {} : { members }) };
    await request(session, { method: "PUT", target: `/Groups/${group.id}`, kind: "PUT /Groups/{id}", body }, [200]);
  };
  const change = (group: BelievedGroup, operations: object[]) =>
    operations.length === 0
      ? Promise.resolve()
      : patch(session, `/Groups/${group.id}`, "PATCH /Groups/{id}", operations);
  const send = (group: BelievedGroup, join: readonly Member[], leave: readonly Member[]) => {
    if (client.changesMembersBy === "PUT") return put(group, group.name);
    const lists = [
      { op: "add", members: join },
      { op: "remove", members: leave },
    ];
    const said = lists.flatMap(({ op, members }) =>
      client.changesMembersBy === "list" ? [{ op, members }] : members.map((member) => ({ op, members: [member] })),
    );
    const full = said.filter(({ members }) => members.length > 0);
    return change(
      group,
      full.map(({ op, members }) => ({ op, path: "members", value: members.map(client.elementOf) })),
    );
  };
  return {
    findGroup,
    createGroup: (group, members) =>
      inTurn(group, async () => {
        const body = { schemas: [GROUP], displayName: group.name };
        const call: Call = { method: "POST", target: "/Groups", kind: "POST /Groups", body };
        group.id = await createOrAdopt(session, call, () => findGroup(group.name));
        if (group.id !== null && members.length > 0) await send(group, members, []);
      }),
    changeMembers: (group, join, leave) => inTurn(group, () => send(group, join, leave)),
    renameGroup: (group, name) =>
      inTurn(group, () => {
        const value = { schemas: [GROUP], id: group.id, displayName: name };
        return client.changesMembersBy === "PUT" ? put(group, name) : change(group, [{ op: "replace", value }]);
      }),
    deleteGroup: (group) =>
      requestDelete(session, { method: "DELETE", target: `/Groups/${group.id}`, kind: "DELETE /Groups/{id}" }),
  };
}

function find(session: Session, resource: "Users" | "Groups", name: string, value: string): Promise<JsonObject | null> {
  const filter = encodeURIComponent(`${name} eq ${JSON.stringify(value)}`);
  const target = `/${resource}?filter=${filter}`;
  return requestMatch(session, { method: "GET", target, kind: `GET /${resource}?filter` });
}

async function patch(session: Session, target: string, kind: string, operations: object[]): Promise<void> {
  const body = { schemas: [PATCH_OP], Operations: operations };
  await request(session, { method: "PATCH", target, kind, body }, [200, 204]);
}
