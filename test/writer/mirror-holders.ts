import type { GroupSettingsInput } from "../../src/settings/setting.ts";
import type { Operation } from "../../src/writer/operation.ts";
import {
  addSetting,
  type Bench,
  Client,
  finishFollowUps,
  NO_BRAKE,
  newBench,
  requestOf,
  requireOutcome,
} from "./bench.ts";
import { ALL, BY_DEPARTMENT, changeSetting, IDP } from "./renames.ts";
import { enrolIn, setByHand, targetGroupId } from "./target-side.ts";

/** A company whose setting mirrors the group Crew with ada in it; bo is in the setting too. */
interface MirrorCrew extends Bench {
  client: Client;
  ada: string;
  bo: string;
  group: string;
}

/** Makes such a company. */
export async function newMirrorCrew(): Promise<MirrorCrew> {
  const bench = await newBench(IDP, NO_BRAKE);
  const client = new Client(bench.writer, bench.settingId);
  const [ada, bo] = [await client.user("ada"), await client.user("bo")];
  return { ...bench, client, ada, bo, group: await client.group("Crew", [ada]) };
}

/** Gives a setting other group settings, and waits for what follows. */
export async function regroup(crew: Bench, settingId: string, groupSettings: GroupSettingsInput): Promise<void> {
  await changeSetting(crew, settingId, groupSettings);
  await finishFollowUps(crew.writer);
}

async function deleteSetting({ writer }: Bench, settingId: string, users: "keep" | "remove"): Promise<void> {
  requireOutcome(await writer.write(requestOf({ kind: "deleteSetting", settingId, users })));
  await finishFollowUps(writer);
}

/** How an IdP group leaves its mirror behind. */
export const ENDS: [string, (crew: MirrorCrew) => Promise<unknown>][] = [
  ["was deleted", async ({ client, group }) => requireOutcome(await client.deleteGroup(group))],
  [
    "was renamed to a name that is taken",
    async ({ writer, client, group }) => {
      requireOutcome(await writer.write(requestOf({ kind: "createTargetGroup", name: "Deck" })));
      requireOutcome(await client.putGroup(group, "Deck"));
    },
  ],
  ["is not synchronised any more", (crew) => regroup(crew, crew.settingId, ALL)],
];

/** Has a holder go. */
type LetGo = () => Promise<unknown>;

/** What can hold a mirror beside its IdP group, each with the ways in which it goes. */
export const HOLDERS: [string, (crew: MirrorCrew) => Promise<LetGo>][] = [
  [
    "manual member",
    async (crew) => {
      await setByHand(crew, "Crew", [crew.bo]);
      return () => setByHand(crew, "Crew", [crew.bo], false);
    },
  ],
  [
    "manual member who is deleted",
    async (crew) => {
      await setByHand(crew, "Crew", [crew.bo]);
      return async () => requireOutcome(await crew.client.deleteUser(crew.bo));
    },
  ],
  [
    "inactive manual member who is deleted in a Bulk request",
    async (crew) => {
      await setByHand(crew, "Crew", [crew.bo]);
      requireOutcome(await crew.client.patchUser(crew.bo, { op: "replace", path: "active", value: false }));
      const items = [{ method: "DELETE" as const, path: `/Users/${crew.bo}` }];
      return async () => requireOutcome(await crew.client.send({ kind: "bulk", settingId: crew.settingId, items }));
    },
  ],
  [
    "manual member whose setting is deleted with its users",
    async (crew) => {
      const settingId = await addSetting(crew.writer, ALL);
      await setByHand(crew, "Crew", [await new Client(crew.writer, settingId).user("eve")]);
      return () => deleteSetting(crew, settingId, "remove");
    },
  ],
  [
    "auto-enrolment",
    async (crew) => {
      await enrolIn(crew, "Crew", [{ kind: "training", id: "basics", name: "Basics" }]);
      return () => enrolIn(crew, "Crew", []);
    },
  ],
  [
    "IdP group of another setting that is deleted",
    async (crew) => {
      const other = new Client(crew.writer, await addSetting(crew.writer, IDP));
      const group = await other.group("crew", [await other.user("eve")]);
      return async () => requireOutcome(await other.deleteGroup(group));
    },
  ],
  [
    "IdP group of another setting that is renamed to a name that is taken",
    async (crew) => {
      requireOutcome(await crew.writer.write(requestOf({ kind: "createTargetGroup", name: "Bridge" })));
      const other = new Client(crew.writer, await addSetting(crew.writer, IDP));
      const group = await other.group("crew");
      return async () =>
        requireOutcome(await other.patchGroup(group, { op: "replace", path: "displayName", value: "Bridge" }));
    },
  ],
  [
    "IdP group of another setting that is deleted with its users",
    async (crew) => {
      const settingId = await addSetting(crew.writer, IDP);
      const other = new Client(crew.writer, settingId);
      await other.group("crew", [await other.user("eve")]);
      return () => deleteSetting(crew, settingId, "remove");
    },
  ],
  [
    "empty IdP group of another setting that is deleted with its users kept",
    async (crew) => {
      const settingId = await addSetting(crew.writer, IDP);
      const other = new Client(crew.writer, settingId);
      await other.user("eve");
      await other.group("crew");
      return () => deleteSetting(crew, settingId, "keep");
    },
  ],
  [
    "IdP group of another setting that stops to synchronise them",
    async (crew) => {
      const settingId = await addSetting(crew.writer, IDP);
      const other = new Client(crew.writer, settingId);
      await other.group("crew", [await other.user("eve")]);
      return () => regroup(crew, settingId, ALL);
    },
  ],
  ...[true, false].map((hasUsers): [string, (crew: MirrorCrew) => Promise<LetGo>] => [
    `setting that has it as its own group, ${hasUsers ? "with" : "without"} users, and takes another`,
    async (crew) => {
      const settingId = await addSetting(crew.writer, { criteria: "none", targetGroupName: "CREW" });
      if (hasUsers) await new Client(crew.writer, settingId).user("eve");
      return () => regroup(crew, settingId, ALL);
    },
  ]),
  [
    "setting that has it as the group of those left over, and takes another",
    async (crew) => {
      const settings = { ...BY_DEPARTMENT, targetGroupName: "Crew", targetGroupScope: "ungrouped" as const };
      const settingId = await addSetting(crew.writer, settings);
      await new Client(crew.writer, settingId).user("eve");
      return () => regroup(crew, settingId, BY_DEPARTMENT);
    },
  ],
  ...(
    [
      ["is removed", (userId) => ({ kind: "removeTargetUser", userId })],
      ["is made inactive", (userId) => ({ kind: "editTargetUser", userId, status: "inactive", fields: {} })],
      ["is taken out by hand", (userId, targetGroupId) => ({ kind: "removeManualMember", targetGroupId, userId })],
    ] satisfies [string, (userId: string, targetGroupId: string) => Operation][]
  ).map(([how, operation]): [string, (crew: MirrorCrew) => Promise<LetGo>] => [
    `user kept of a deleted setting who ${how}`,
    async (crew) => {
      const settingId = await addSetting(crew.writer, IDP);
      const other = new Client(crew.writer, settingId);
      const eve = await other.user("eve");
      await other.group("crew", [eve]);
      await deleteSetting(crew, settingId, "keep");
      return async () =>
        requireOutcome(await crew.writer.write(requestOf(operation(eve, await targetGroupId(crew, "Crew")))));
    },
  ]),
  [
    "setting that has it as its own group and is deleted with its users",
    async (crew) => {
      const settingId = await addSetting(crew.writer, { criteria: "none", targetGroupName: "Crew" });
      await new Client(crew.writer, settingId).user("eve");
      return () => deleteSetting(crew, settingId, "remove");
    },
  ],
  [
    "setting that has it as its own group and is deleted, users kept, of whom it has none",
    async (crew) => {
      const settingId = await addSetting(crew.writer, { criteria: "none", targetGroupName: "Crew" });
      return () => deleteSetting(crew, settingId, "keep");
    },
  ],
];
