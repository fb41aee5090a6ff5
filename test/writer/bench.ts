import { env } from "cloudflare:workers";
import type { LogEntry } from "../../src/log/log-entry.ts";
import { PRESENT_FORM } from "../../src/platform/stored-row-forms.ts";
import { newId } from "../../src/platform/uuid.ts";
import type { JsonObject } from "../../src/scim/json.ts";
import { parsePatch } from "../../src/scim/patch/patch.ts";
import { readResource } from "../../src/scim/read-resource-body.ts";
import { resourceTypes } from "../../src/scim/schema/resource-types.ts";
import type { Safeguards } from "../../src/settings/safeguards.ts";
import type { GroupSettingsInput } from "../../src/settings/setting.ts";
import type { CommitterOptions } from "../../src/writer/committer.ts";
import { CompanyWriter } from "../../src/writer/company-writer.ts";
import type { Operation, Outcome, WriteRequest, WriteResult } from "../../src/writer/operation.ts";
import { UNHEARD } from "./unheard.ts";

/** Safeguards that stop nothing, for tests of what happens when nothing waits. */
export const NO_BRAKE: Safeguards = { leavers: null, emptied: null, moves: null, group: null };

/** A company of its own with a writer to drive directly. */
export interface Bench {
  companyId: string;
  settingId: string;
  writer: CompanyWriter;
  /** Another writer of the same company, as one that outlived a deploy would be. */
  another(options?: Partial<CommitterOptions>): CompanyWriter;
}

/** A writer of a company. */
export function newWriter(companyId: string, options: Partial<CommitterOptions> = {}): CompanyWriter {
  return new CompanyWriter({ ...UNHEARD, d1: env.DB, companyId, clock: Date.now, ...options });
}

/** Makes a company with one SCIM setting. */
export async function newBench(groupSettings: GroupSettingsInput, safeguards?: Partial<Safeguards>): Promise<Bench> {
  const companyId = newId(Date.now());
  const insert = "INSERT INTO companies (id, name, stored_form, created_at) VALUES (?, 'Test', ?, 0)";
  await env.DB.prepare(insert).bind(companyId, PRESENT_FORM).run();
  const another = (options: Partial<CommitterOptions> = {}) => newWriter(companyId, options);
  const writer = another();
  const settingId = await addSetting(writer, groupSettings, safeguards);
  return { companyId, settingId, writer, another };
}

/** Adds a further SCIM setting to a company. */
export async function addSetting(
  writer: CompanyWriter,
  groupSettings: GroupSettingsInput,
  safeguards?: Partial<Safeguards>,
): Promise<string> {
  const id = newId(Date.now());
  const token = { id: id.replaceAll("-", ""), lastFour: "abcd", expiresAt: null };
  const make = (name: string) => {
    const operation = { kind: "createSetting", id, name, provider: "other", fieldMappings: [], groupSettings };
    return writer.write(requestOf({ ...operation, safeguards, token } as Operation));
  };
  const first = await make("S");
  const isSecond = !first.ok && first.code === "setting_name_taken";
  requireOutcome(isSecond ? await make(`S ${id}`) : first);
  return id;
}

/** A write request as a door would make it. */
export function requestOf(operation: Operation, cause: Partial<WriteRequest["cause"]> = {}): WriteRequest {
  return {
    operation,
    cause: { requestId: newId(Date.now()), actor: "scim", settingId: null, provider: null, ...cause },
  };
}

/** The row of the provisioning log that a door would hand over with a request, or after it. */
export function logRowOf(request: WriteRequest, settingId: string, row: Partial<LogEntry> = {}): LogEntry {
  return {
    id: request.cause.requestId,
    settingId,
    tokenId: null,
    time: Date.now(),
    method: "POST",
    path: "/scim/v2/Users",
    resourceType: "User",
    resourceId: null,
    label: null,
    status: 201,
    code: null,
    scimType: null,
    detail: null,
    duration: 0,
    requestBody: null,
    responseBody: null,
    notes: [],
    ...row,
  };
}

/** The outcome of a write that must have succeeded. */
export function requireOutcome(result: WriteResult): Outcome {
  if (!result.ok) throw new Error(`refused: ${result.status} ${result.detail}`);
  return result.outcome;
}

const types = resourceTypes();

/** SCIM requests as operations, read by the engine as the door reads them. */
export class Client {
  readonly #writer: CompanyWriter;
  readonly #settingId: string;

  constructor(writer: CompanyWriter, settingId: string) {
    this.#writer = writer;
    this.#settingId = settingId;
  }

  /** The same client talking to another writer. */
  through(writer: CompanyWriter): Client {
    return new Client(writer, this.#settingId);
  }

  /** The same client in another setting. */
  in(settingId: string): Client {
    return new Client(this.#writer, settingId);
  }

  send(operation: Operation): Promise<WriteResult> {
    return this.#writer.write(requestOf(operation, { settingId: this.#settingId }));
  }

  postUser(userName: string, department?: string, more: JsonObject = {}): Promise<WriteResult> {
    const enterprise = { "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { department } };
    const body = { userName, emails: [{ value: `${userName}@example.com`, type: "work" }], ...more };
    const { document } = readResource(
      types.User,
      department === undefined ? body : { ...body, ...(enterprise as object) },
    );
    return this.send({ kind: "createUser", settingId: this.#settingId, document });
  }

  patchUser(id: string, ...operations: Record<string, unknown>[]): Promise<WriteResult> {
    const request = parsePatch(types.User, { Operations: operations as never });
    return this.send({ kind: "patchUser", settingId: this.#settingId, id, request });
  }

  deleteUser(id: string): Promise<WriteResult> {
    return this.send({ kind: "deleteUser", settingId: this.#settingId, id });
  }

  postGroup(displayName: string, memberIds: string[] = []): Promise<WriteResult> {
    const members = memberIds.map((value) => ({ value }));
    return this.send({ kind: "createGroup", settingId: this.#settingId, document: { displayName }, members });
  }

  putGroup(id: string, displayName: string, memberIds?: string[]): Promise<WriteResult> {
    const members = memberIds?.map((value) => ({ value }));
    return this.send({ kind: "replaceGroup", settingId: this.#settingId, id, document: { displayName }, members });
  }

  patchGroup(id: string, ...operations: Record<string, unknown>[]): Promise<WriteResult> {
    const request = parsePatch(types.Group, { Operations: operations as never });
    return this.send({ kind: "patchGroup", settingId: this.#settingId, id, request });
  }

  deleteGroup(id: string): Promise<WriteResult> {
    return this.send({ kind: "deleteGroup", settingId: this.#settingId, id });
  }

  /** Makes a user that must be new, and gives its id. */
  async user(userName: string, department?: string, more: JsonObject = {}): Promise<string> {
    return idOf(await this.postUser(userName, department, more));
  }

  /** Makes a group that must be new, and gives its id. */
  async group(displayName: string, memberIds: string[] = []): Promise<string> {
    return idOf(await this.postGroup(displayName, memberIds));
  }
}

/** The id of the user or group a write answered with. */
export function idOf(result: WriteResult): string {
  const outcome = requireOutcome(result);
  if (outcome.kind === "user") return outcome.user.id;
  if (outcome.kind === "group") return outcome.group.id;
  throw new Error(`no resource in ${outcome.kind}`);
}

/** Does all work that configuration changes left over. */
export async function finishFollowUps(writer: CompanyWriter): Promise<void> {
  while (await writer.followUp());
}

/** Who is in which target group of a company: names of groups to user names, empty groups included. */
export async function targetMembers(companyId: string): Promise<Record<string, string[]>> {
  const { results } = await env.DB.prepare(
    `SELECT g.name, g.member_count, (SELECT json_group_array(DISTINCT u.user_name) FROM target_group_members t
       JOIN users u ON u.user_key = t.user_key WHERE t.target_group_key = g.target_group_key) AS members
     FROM target_groups g JOIN companies c ON c.company_key = g.company_key WHERE c.id = ? ORDER BY g.name`,
  )
    .bind(companyId)
    .all<{ name: string; member_count: number; members: string }>();
  const members: Record<string, string[]> = {};
  for (const row of results) {
    const names = (JSON.parse(row.members) as string[]).sort();
    if (names.length !== row.member_count)
      throw new Error(`${row.name} counts ${row.member_count} members and has ${names.length}`);
    members[row.name] = names;
  }
  return members;
}

/** The members of an IdP group by user name; its kept count must agree. */
export async function groupMembers(groupId: string): Promise<string[]> {
  const { results } = await env.DB.prepare(
    `SELECT u.user_name, g.member_count FROM groups g JOIN group_members m ON m.group_key = g.group_key
     JOIN users u ON u.user_key = m.user_key WHERE g.id = ? ORDER BY u.user_name`,
  )
    .bind(groupId)
    .all<{ user_name: string; member_count: number }>();
  for (const row of results)
    if (row.member_count !== results.length) throw new Error(`counts ${row.member_count}, has ${results.length}`);
  return results.map((row) => row.user_name);
}
