import type { Judge } from "../torture/wire-client.ts";
import { readToldChanges } from "./told-changes.ts";
import { DISTANCE_HEADER, OPERATOR_KEY, type Release, type TwoReleases } from "./two-releases.ts";

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const SCIM_TYPE = "application/scim+json";
const DEPARTMENTS = ["Straße", "Sales", "Legal", "Crew"];
/** Attributes of the one person that all lanes change, each lane its own: a writer that commits on stale rows loses another's. */
const SHARED_ATTRIBUTES = ["title", "nickName", "displayName", "preferredLanguage", "userType", "profileUrl"];

/** A user as its lane knows that it was acknowledged. */
interface KnownUser {
  id: string;
  userName: string;
  department: string;
  active: boolean;
  isMember: boolean;
}

/** One connection's own people and group: nobody else changes them, so that it knows what they are. */
interface Lane {
  users: KnownUser[];
  groupId: string;
  /** How many requests it has sent that change something. */
  turn: number;
}

// biome-ignore lint/suspicious/noExplicitAny: bodies are read freely; a wrong shape fails the comparison.
type Json = any;

/** A company that is filled, changed and read through either release; every answer that is not the right one is a problem. */
export class UpgradedCompany {
  readonly #releases: TwoReleases;
  readonly #judge: Judge;
  readonly #lanes: Lane[] = [];
  readonly #shared = new Map<string, string>();
  #sharedId = "";
  #companyId = "";
  #settingId = "";
  #token = "";

  constructor(releases: TwoReleases, judge: Judge) {
    this.#releases = releases;
    this.#judge = judge;
  }

  /** Fills it through the release of before: people by department, a group and some people for each lane, trainings. */
  async fill({ lanes, people }: { lanes: number; people: number }): Promise<void> {
    const { id } = await this.#manage("before", "POST", "/companies", { name: "Upgraded" });
    this.#companyId = id;
    const groupSettings = {
      targetGroupName: "Everyone",
      targetGroupScope: "everyone",
      criteria: "field",
      field: "department",
    };
    const body = { name: "Directory", provider: "entra", groupSettings };
    const setting = await this.#manage("before", "POST", `/companies/${id}/scim-settings`, body);
    this.#settingId = setting.id;
    this.#token = setting.token.secret;
    const { items } = await this.#manage("before", "GET", `/companies/${id}/target-groups`);
    const training = [{ kind: "training", id: "welcome", name: "Welcome" }];
    await this.#manage("before", "PUT", `/companies/${id}/target-groups/${items[0].id}/auto-enrolments`, training);
    this.#sharedId = (await this.#create("before", "shared@x.example")).id;
    for (let number = 0; number < lanes; number += 1) {
      const users: KnownUser[] = [];
      for (let index = 0; index < people; index += 1)
        users.push(await this.#create("before", `${index % 2 === 0 ? "Große" : "Kleine"}${number}.${index}@x.example`));
      const group = await this.#send(
        "before",
        "POST",
        "/Groups",
        { displayName: `Maße ${number}`, members: [] },
        [201],
      );
      this.#lanes.push({ users, groupId: String(group.id), turn: number });
    }
  }

  /** Announces through the new release that many people change groups. */
  async announceMoves(): Promise<void> {
    const expected = { people: 1_000_000, until: new Date(Date.now() + 3_600_000).toISOString() };
    const path = `/companies/${this.#companyId}/scim-settings/${this.#settingId}`;
    await this.#manage("now", "PATCH", path, { expected });
  }

  /** Has every lane make so many changes, all at once, each through the release that `through` says. */
  async work(changes: number, through: (lane: number) => Release): Promise<void> {
    await Promise.all(
      this.#lanes.map(async (lane, number) => {
        for (let done = 0; done < changes; done += 1) await this.#change(lane, through(number));
      }),
    );
  }

  async #change(lane: Lane, release: Release): Promise<void> {
    lane.turn += 1;
    const user = lane.users[lane.turn % lane.users.length];
    if (user === undefined) return;
    const [kind, path] = [lane.turn % 5, `/Users/${user.id}`];
    if (kind === 0) lane.users.push(await this.#create(release, `Neu${lane.groupId.slice(-6)}.${lane.turn}@x.example`));
    else if (kind === 1) {
      const department = DEPARTMENTS[lane.turn % DEPARTMENTS.length] ?? "";
      await this.#patch(release, path, { op: "replace", path: `${ENTERPRISE}:department`, value: department });
      user.department = department;
    } else if (kind === 2) {
      // The lane's first alone goes and comes: more who leave within an hour would be held.
      const first = lane.users[0] ?? user;
      await this.#patch(release, `/Users/${first.id}`, { op: "replace", path: "active", value: !first.active });
      first.active = !first.active;
    } else if (kind === 3) {
      const value = [{ value: user.id }];
      const operation = user.isMember
        ? { op: "remove", path: `members[value eq "${user.id}"]` }
        : { op: "add", path: "members", value };
      await this.#patch(release, `/Groups/${lane.groupId}`, operation);
      user.isMember = !user.isMember;
    } else await this.#compare(release, user);
  }

  /**
   * Has all lanes change one person at the same moment, so many times over, each an attribute of its own and through the release
   * that `through` says: whoever commits on rows that the other release has changed since loses what that one acknowledged.
   */
  async race(rounds: number, through: (lane: number) => Release): Promise<void> {
    for (let round = 0; round < rounds; round += 1)
      await Promise.all(
        SHARED_ATTRIBUTES.slice(0, this.#lanes.length).map(async (path, number) => {
          const value = `https://x.example/${number}/${this.#judge.requests}`;
          await this.#patchAtDistance(through(number), { op: "replace", path, value });
          this.#shared.set(path, value);
        }),
      );
  }

  /** Somebody comes through one release and is deleted through the other, both ways: their data goes from all rows. */
  async comeAndGo(): Promise<void> {
    for (const [first, second] of [["now", "before"] as const, ["before", "now"] as const]) {
      const { id } = await this.#create(first, `gone.${this.#judge.requests}@x.example`);
      await this.#send(second, "DELETE", `/Users/${id}`, undefined, [204]);
    }
  }

  /** Reads the feed through both releases: what happened is the same, whichever of them wrote it. */
  async compareFeeds(): Promise<void> {
    const read = (release: Release) => readToldChanges((path) => this.#manage(release, "GET", path), this.#companyId);
    const [now, before] = [await read("now"), await read("before")];
    const place = Array.from({ length: Math.max(now.length, before.length) }).findIndex(
      (_, at) => now[at] !== before[at],
    );
    if (place !== -1)
      this.#judge.report(`the feed tells ${now[place]}, and through the release of before ${before[place]}`);
  }

  /** Sends again what lost the race too often: 503 says that nothing was changed. */
  async #patchAtDistance(release: Release, operation: object): Promise<void> {
    const path = `/scim/v2/Users/${this.#sharedId}`;
    const body = { schemas: [PATCH_OP], Operations: [operation] };
    const headers = { [DISTANCE_HEADER]: "5" };
    for (;;) {
      const { status, json } = await this.#fetch(release, "PATCH", path, this.#token, SCIM_TYPE, body, headers);
      if (status === 503) continue;
      if (status !== 200) this.#judge.report(`${release}: PATCH ${path} answered ${status} ${json.detail}`);
      return;
    }
  }

  /** Reads everybody and every group through a release, and finds each by its name as it was sent. */
  async compareAll(release: Release): Promise<void> {
    for (const { users, groupId } of this.#lanes) {
      for (const user of users) {
        await this.#compare(release, user);
        // An older Worker does not know that ß and SS are one: it looks for the name as it folded it.
        if (release === "before" && user.userName.includes("ß")) continue;
        const filter = encodeURIComponent(`userName eq "${user.userName}"`);
        const found = await this.#send(release, "GET", `/Users?filter=${filter}`, undefined, [200]);
        if (found.Resources?.[0]?.id !== user.id)
          this.#judge.report(`${release}: ${user.userName} is not found by its name`);
      }
      const group = await this.#send(release, "GET", `/Groups/${groupId}`, undefined, [200]);
      const held = new Set((group.members ?? []).map(({ value }: Json) => value));
      for (const { id, isMember, userName } of users)
        if (held.has(id) !== isMember)
          this.#judge.report(`${release}: ${userName} is ${isMember ? "not " : ""}a member`);
    }
    const shared = await this.#send(release, "GET", `/Users/${this.#sharedId}`, undefined, [200]);
    for (const [path, value] of this.#shared)
      if (shared[path] !== value)
        this.#judge.report(`${release}: the shared ${path} is ${shared[path]}, not the acknowledged ${value}`);
    const known = this.#lanes.reduce((sum, { users }) => sum + users.length, 1);
    const { totalResults } = await this.#send(release, "GET", "/Users?count=0", undefined, [200]);
    if (totalResults !== known) this.#judge.report(`${release}: ${totalResults} users, ${known} were acknowledged`);
  }

  /** The target side by the rules: who is active is in the group for everyone, in its department's, and enrolled. */
  async compareTargets(): Promise<void> {
    for (const user of this.#lanes.flatMap(({ users }) => users)) {
      const target = await this.#manage("now", "GET", `/companies/${this.#companyId}/target-users/${user.id}`);
      const groups = target.groups.map(({ name }: Json) => name).sort();
      const wanted = user.active ? ["Everyone", user.department].sort() : [];
      const open = target.enrolments.filter(({ status }: Json) => status === "active").length;
      if (groups.join() !== wanted.join())
        this.#judge.report(`${user.userName} is in ${groups.join()}, not in ${wanted.join()}`);
      if (open !== (user.active ? 1 : 0)) this.#judge.report(`${user.userName} has ${open} open enrolments`);
    }
  }

  async #create(release: Release, userName: string): Promise<KnownUser> {
    const department = DEPARTMENTS[userName.length % DEPARTMENTS.length] ?? "";
    const document = {
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
      ...{ userName, active: true, emails: [{ type: "work", value: userName, primary: true }] },
      [ENTERPRISE]: { department },
    };
    const { id } = await this.#send(release, "POST", "/Users", document, [201]);
    return { id: String(id), userName, department, active: true, isMember: false };
  }

  async #compare(release: Release, user: KnownUser): Promise<void> {
    const read = await this.#send(release, "GET", `/Users/${user.id}`, undefined, [200]);
    const found = [read.userName, read[ENTERPRISE]?.department, read.active].join();
    const wanted = [user.userName, user.department, user.active].join();
    if (found !== wanted) this.#judge.report(`${release}: ${user.id} is ${found}, acknowledged was ${wanted}`);
  }

  #patch(release: Release, path: string, operation: object): Promise<Json> {
    return this.#send(release, "PATCH", path, { schemas: [PATCH_OP], Operations: [operation] }, [200, 204]);
  }

  async #send(release: Release, method: string, path: string, body: unknown, expected: number[]): Promise<Json> {
    const { json, id, status } = await this.#fetch(release, method, `/scim/v2${path}`, this.#token, SCIM_TYPE, body);
    if (!expected.includes(status))
      this.#judge.report(`${release}: ${method} ${path} answered ${status} ${json.detail}`);
    else if (method !== "GET" && id !== null) this.#judge.acknowledged.push(id);
    return json;
  }

  async #manage(release: Release, method: string, path: string, body?: unknown): Promise<Json> {
    const { json, status } = await this.#fetch(
      release,
      method,
      `/api/v1${path}`,
      OPERATOR_KEY,
      "application/json",
      body,
    );
    if (status >= 300) this.#judge.report(`${release}: ${method} ${path} answered ${status} ${json.detail}`);
    return json;
  }

  async #fetch(release: Release, method: string, path: string, token: string, type: string, body: unknown, more = {}) {
    this.#judge.requests += 1;
    const response = await fetch(`${this.#releases.urlOf(release)}${path}`, {
      method,
      headers: { ...more, Authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "Content-Type": type }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json: Json = text === "" ? {} : JSON.parse(text);
    return { status: response.status, json, id: response.headers.get("X-Request-Id") };
  }
}
