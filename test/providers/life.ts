import { expect } from "vitest";
import type { Json, JsonObject } from "../../src/scim/json.ts";
import { type Answer, type Connection, callApi, callScim, pick, readText, targetMembers } from "./world.ts";

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** A change as the feed tells it. */
interface Told {
  type: string;
  id: string;
  name: string;
  groupId: string;
}

/** The life of one setting's directory, told as its identity provider sends it; every answer must be the stated one. */
export class Life {
  readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  async send(method: string, path: string, body: Json | undefined, status: number): Promise<Answer> {
    const answer = await callScim(this.connection, method, path, body);
    expect(answer.status, `${method} ${path} ${JSON.stringify(body)} -> ${answer.text}`).toBe(status);
    return answer;
  }

  /** Creates a user and gives its id; with another status the creation must be refused so. */
  async join(userName: string, more: JsonObject = {}, status = 201): Promise<string> {
    const { department, ...rest } = more;
    const extension: JsonObject = department === undefined ? {} : { [ENTERPRISE]: { department } };
    const answer = await this.send("POST", "/Users", { userName, ...rest, ...extension }, status);
    return status === 201 ? readText(answer, "id") : "";
  }

  /** Replaces attributes of a user by one PATCH, as Entra does. */
  async change(id: string, values: JsonObject, status = 200): Promise<Answer> {
    return this.send("PATCH", `/Users/${id}`, patchBody(values), status);
  }

  async leave(id: string): Promise<void> {
    await this.change(id, { active: "False" });
  }

  async comeBack(id: string): Promise<void> {
    await this.change(id, { active: "True" });
  }

  async erase(path: "/Users" | "/Groups", id: string, status = 204): Promise<void> {
    await this.send("DELETE", `${path}/${id}`, undefined, status);
  }

  /** Creates a group and gives its id; with another status the creation must be refused so. */
  async found(displayName: string, members: string[] = [], status = 201): Promise<string> {
    const body = { displayName, members: members.map((value) => ({ value })) };
    const answer = await this.send("POST", "/Groups", body, status);
    return status === 201 ? readText(answer, "id") : "";
  }

  async rename(group: string, displayName: string, status = 204): Promise<void> {
    await this.send("PATCH", `/Groups/${group}`, patchBody({ displayName }), status);
  }

  async admit(group: string, member: string, status = 204): Promise<void> {
    const op = { op: "Add", path: "members", value: [{ $ref: null, value: member }] };
    await this.send("PATCH", `/Groups/${group}`, { Operations: [op] }, status);
  }

  async expel(group: string, member: string): Promise<void> {
    const op = { op: "Remove", path: "members", value: [{ $ref: null, value: member }] };
    await this.send("PATCH", `/Groups/${group}`, { Operations: [op] }, 204);
  }

  /** Sends PATCHes in one Bulk request and gives the statuses of its parts. */
  async bulk(parts: [path: string, values: JsonObject][]): Promise<string[]> {
    const Operations = parts.map(([path, values]) => ({ method: "PATCH", path, data: patchBody(values) }));
    const { body } = await this.send("POST", "/Bulk", { Operations }, 200);
    return Array.isArray(body.Operations) ? body.Operations.map((part) => String(pick(part, "status"))) : [];
  }

  /** The ids that a filter finds. */
  async find(filter: string, path = "/Users"): Promise<string[]> {
    const { body } = await this.send("GET", `${path}?filter=${encodeURIComponent(filter)}`, undefined, 200);
    return Array.isArray(body.Resources) ? body.Resources.map((resource) => String(pick(resource, "id"))) : [];
  }

  /** The platform's own request on the company. */
  async platform(method: string, path: string, body?: Json): Promise<Answer> {
    const answer = await callApi(method, `/companies/${this.connection.companyId}${path}`, body);
    expect(answer.status, answer.text).toBeLessThan(300);
    return answer;
  }

  /** All people of the company as "userName status", sorted. */
  async people(): Promise<string[]> {
    const { body } = await this.platform("GET", "/target-users?limit=200");
    const items = Array.isArray(body.items) ? body.items : [];
    return items.map((user) => `${String(pick(user, "userName"))} ${String(pick(user, "status"))}`).sort();
  }

  /** The target groups of the company with their members. */
  targets(): Promise<Record<string, string[]>> {
    return targetMembers(this.connection);
  }

  /** The change feed from the beginning. */
  async feed(): Promise<Told[]> {
    const { body } = await this.platform("GET", "/changes?limit=200");
    const items = Array.isArray(body.items) ? body.items : [];
    const text = (item: Json, path: string) => String(pick(item, path) ?? "");
    return items.map((item) => ({
      type: text(item, "type"),
      id: text(item, "subject.id"),
      name: text(item, "data.userName") || text(item, "data.name"),
      groupId: text(item, "data.groupId"),
    }));
  }
}

function patchBody(values: JsonObject): JsonObject {
  return { Operations: Object.entries(values).map(([path, value]) => ({ op: "Replace", path, value })) };
}

/** Replays the feed alone, and demands that it leads to just what there is: who exists, which groups, who is in them. */
export async function assertHistory(life: Life): Promise<void> {
  const users = new Map<string, string>();
  const groups = new Map<string, string>();
  const members = new Set<string>();
  for (const { type, id, name, groupId } of await life.feed()) {
    if (type === "user.created") users.set(id, name);
    if (type === "user.updated") users.set(id, name);
    if (type === "user.deleted") users.delete(id);
    if (type === "group.created" || type === "group.renamed") groups.set(id, name);
    if (type === "group.deleted") groups.delete(id);
    if (type === "member.added") members.add(`${groupId} ${id}`);
    if (type === "member.removed") members.delete(`${groupId} ${id}`);
  }
  const told: Record<string, string[]> = Object.fromEntries([...groups.values()].map((name) => [name, []]));
  for (const member of members) {
    const [group = "", user = ""] = member.split(" ");
    told[groups.get(group) ?? group]?.push(users.get(user) ?? user);
  }
  for (const names of Object.values(told)) names.sort();
  expect(told, "the feed tells the target groups").toEqual(await life.targets());
  const present = (await life.people()).map((line) => line.slice(0, line.lastIndexOf(" ")));
  expect([...users.values()].sort(), "the feed tells the people").toEqual(present.sort());
}
