import { callTool, seedGroup, seedPeople } from "./seed.ts";
import { type BenchSetting, createSetting } from "./setting.ts";
import type { Runtime } from "./start-runtime.ts";

/** A setting filled with people, and its groups by how many members they have. */
export interface Filled extends BenchSetting {
  settingKey: number;
  userIds: string[];
  groups: Map<number, string>;
}

/** What the operations of one size work on: people grouped by department, and people whose groups are synchronised. */
export interface World {
  size: number;
  field: Filled;
  idp: Filled;
  /** Numbers for people that do not exist yet. */
  nextPerson(): number;
  /** The number of an operation's next request, counted on over all its loads. */
  nextTurn(operation: string): number;
}

const GROUP_SIZES = [10, 1_000, 10_000, 100_000];

/** Makes and fills both settings. Groups have the people from the first on; the last 200 are in none, for PATCHes that add. */
export async function seedWorld({ urls, operatorKey }: Runtime, size: number): Promise<World> {
  const field = await createSetting(urls.rollcall, operatorKey, "field");
  const idp = await createSetting(urls.rollcall, operatorKey, "idp");
  const fieldIds = await seedPeople(urls.tools, field, size);
  const idpIds = await seedPeople(urls.tools, idp, size + SPARE);
  const groups = new Map<number, string>();
  for (const members of GROUP_SIZES.filter((count) => count <= size))
    groups.set(members, await seedGroup(urls.tools, idp, `Group of ${members}`, idpIds.slice(0, members)));
  const keyOf = (setting: BenchSetting) => callTool<number>(urls.tools, "/setting-key", setting);
  let made = size;
  const turns = new Map<string, number>();
  return {
    size,
    field: { ...field, settingKey: await keyOf(field), userIds: fieldIds, groups: new Map() },
    idp: { ...idp, settingKey: await keyOf(idp), userIds: idpIds, groups },
    nextPerson: () => made++,
    nextTurn: (operation) => {
      const turn = turns.get(operation) ?? 0;
      turns.set(operation, turn + 1);
      return turn;
    },
  };
}

/** People of the synchronised setting that are in no group. */
export const SPARE = 200;
