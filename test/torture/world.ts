import { FeedFold } from "../changes/feed-fold.ts";
import type { Random } from "../simulate/random.ts";
import { Accidents } from "./accidents.ts";
import { Connection, documentOf, type Shared } from "./connection.ts";
import { Endpoints } from "./endpoints.ts";
import { type ModelGrouping, ModelSetting, type ModelUser } from "./serial-model.ts";
import { Stops } from "./stops.ts";
import type { TortureRuntime } from "./torture-runtime.ts";
import { OPERATOR_KEY } from "./torture-runtime.ts";
import { type Judge, WireClient } from "./wire-client.ts";

const SHARED_USERS = 3;
const SHARED_GROUPS = ["Crew", "Deck", "Bridge"];
/** The target groups that enrol their members: both settings feed the second one. */
const ENROLLING = ["All", "Crew"];

/** One SCIM setting with its connections, its model and the token in use. */
interface WorldSetting {
  id: string;
  shared: Shared;
  client: WireClient;
  connections: Connection[];
  token: { secret: string };
}

/** What a world is made with. */
interface WorldPlan {
  connections: number;
  /** Whether there are settings with a brake, in which accidents are played, and one in which enrolments are stopped. */
  hasAccidents: boolean;
  randomFor: (name: string) => Random;
}

/** A company of two settings, with webhooks: one mirrors groups, one groups by department; they share target groups by name. */
export class World {
  readonly operator: WireClient;
  readonly companyId: string;
  readonly settings: WorldSetting[];
  readonly endpoints: Endpoints;
  /** Null where none are played. */
  readonly accidents: Accidents | null;
  /** The same of stops and their undo. */
  readonly stops: Stops | null;
  /** Who follows the change feed from the beginning on. */
  readonly follower = new FeedFold();
  /** The last one who began with what the feed still held. */
  newcomer = new FeedFold();
  readonly #judge: Judge;

  private constructor(
    operator: WireClient,
    companyId: string,
    settings: WorldSetting[],
    endpoints: Endpoints,
    judge: Judge,
    { accidents, stops }: Pick<World, "accidents" | "stops">,
  ) {
    this.accidents = accidents;
    this.stops = stops;
    this.endpoints = endpoints;
    this.operator = operator;
    this.companyId = companyId;
    this.settings = settings;
    this.#judge = judge;
  }

  /** Makes the company, its settings, what is shared, and auto-enrolments in which both settings have a part. */
  static async create(
    runtime: TortureRuntime,
    judge: Judge,
    { connections, hasAccidents, randomFor }: WorldPlan,
  ): Promise<World> {
    const operator = new WireClient(`${runtime.url}/api/v1`, () => OPERATOR_KEY, judge, false);
    const company = await operator.send("POST", "/companies", { name: "Torture" });
    const at = `/companies/${company.json.id}`;
    const endpoints = await Endpoints.open(operator, company.json.id, judge, randomFor("endpoints"));
    const settings: WorldSetting[] = [];
    const groupings: ModelGrouping[] = [
      { criteria: "idp", groupName: "All", scope: "everyone" },
      { criteria: "field", groupName: "Rest", scope: "ungrouped" },
    ];
    for (const [index, grouping] of groupings.entries()) {
      // This model has no brake, and lives a day in a minute.
      const safeguards = { leavers: null, emptied: null, moves: null, group: null };
      const body = { name: `S${index}`, provider: "other", groupSettings: toGroupSettings(grouping), safeguards };
      const made = await operator.send("POST", `${at}/scim-settings`, body);
      const token = { secret: made.json.token.secret };
      const client = new WireClient(`${runtime.url}/scim/v2`, () => token.secret, judge);
      const shared = await share(client, new ModelSetting(`S${index}`, grouping));
      const own = Array.from({ length: connections }, (_, number) => {
        const random = randomFor(`setting ${index} connection ${number}`);
        return new Connection(client, judge, random, shared, number);
      });
      settings.push({ id: made.json.id, shared, client, connections: own, token });
    }
    const companyId: string = company.json.id;
    const place = { url: runtime.url, companyId, operator, judge, random: randomFor("accidents") };
    const accidents = hasAccidents ? await Accidents.open(runtime, place) : null;
    const stops = hasAccidents ? await Stops.open(runtime, { ...place, random: randomFor("stops") }) : null;
    const world = new World(operator, companyId, settings, endpoints, judge, { accidents, stops });
    for (const name of ENROLLING) await world.#enrol(name, "Course");
    return world;
  }

  async #enrol(groupName: string, name: string): Promise<void> {
    const at = `/companies/${this.companyId}/target-groups`;
    const { json: groups } = await this.operator.send("GET", at);
    const group = groups.items.find((one: { name: string }) => one.name === groupName);
    const items = [{ kind: "training", id: "course", name }];
    const { status } = await this.operator.send("PUT", `${at}/${group.id}/auto-enrolments`, items);
    if (status !== 200) this.#judge.report(`the auto-enrolments could not be set: ${status}`);
  }

  /**
   * What the company's admin does meanwhile: a new token for a setting, another name for the training, and another grouping of
   * the second setting.
   */
  async administer(random: Random): Promise<void> {
    await this.#enrol(random.pick(ENROLLING), random.pick(["Course", "Course 2"]));
    const setting = random.pick(this.settings);
    const at = `/companies/${this.companyId}/scim-settings`;
    const made = await this.operator.send("POST", `${at}/${setting.id}/tokens`, {});
    if (made.status !== 201) this.#judge.report(`a token could not be made: ${made.status}`);
    else setting.token.secret = made.json.secret;
    const [, second] = this.settings;
    if (second === undefined) return;
    const { model } = second.shared;
    const grouping: ModelGrouping =
      model.grouping.criteria === "field"
        ? { criteria: "none", groupName: "Rest", scope: "everyone" }
        : { criteria: "field", groupName: "Rest", scope: "ungrouped" };
    const body = { groupSettings: toGroupSettings(grouping) };
    const { status } = await this.operator.send("PATCH", `${at}/${second.id}`, body);
    if (status !== 200) this.#judge.report(`the grouping could not be changed: ${status}`);
    model.grouping = grouping;
  }
}

function toGroupSettings({ criteria, groupName, scope }: ModelGrouping): Record<string, unknown> {
  const field = criteria === "field" ? { field: "department" } : {};
  return { criteria, targetGroupName: groupName, targetGroupScope: scope, ...field };
}

async function share(client: WireClient, model: ModelSetting): Promise<Shared> {
  const users: ModelUser[] = [];
  for (let n = 0; n < SHARED_USERS; n += 1) {
    const user = { userName: `shared${n}@example.com`, active: true, department: "Sales" };
    const { json } = await client.send("POST", "/Users", documentOf(user));
    users.push({ ...user, id: json.id, slots: {} });
  }
  for (const user of users) model.users.set(user.id, user);
  for (const displayName of SHARED_GROUPS) {
    const { json } = await client.send("POST", "/Groups", { displayName });
    model.groups.set(json.id, { id: json.id, displayName, members: new Set() });
  }
  return { model, users, groups: [...model.groups.values()] };
}
