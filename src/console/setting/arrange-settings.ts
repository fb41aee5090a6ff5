import * as z from "zod";
import { foldKey } from "../../directory/fold-key.ts";
import { compareCodePoints } from "../../scim/compare-code-points.ts";
import type { SettingRecord } from "../../settings/setting-store.ts";
import type { Tone } from "./setting-health.ts";

const SORTS = ["made", "name", "provider", "grouping", "status", "active", "inactive", "request"] as const;
type Sort = (typeof SORTS)[number];
const ORDERS = SORTS.flatMap((sort): (Sort | `-${Sort}`)[] => [sort, `-${sort}`]);

/** What the URL of the list may ask for: an order, that in which they were made unless another is asked for. */
export const settingQuery = z.object({ sort: z.enum(ORDERS).catch("made") });
type SettingOrder = z.output<typeof settingQuery>["sort"];

/** What the list says of a setting beside what its record does. */
interface SettingWords {
  provider: string;
  grouping: string;
  tone: Tone;
  word: string;
}

const WORST_FIRST: Record<Tone, string> = { bad: "0", warn: "1", good: "2" };

/** Settings in an order of their list: those that are worst first by status; what has nothing to be sorted by is last. */
export function arrangeSettings<Setting extends Pick<SettingRecord, "id" | "name" | "users" | "lastRequestAt">>(
  settings: readonly Setting[],
  order: SettingOrder,
  wordsOf: (setting: Setting) => SettingWords,
): Setting[] {
  const isDown = order.startsWith("-");
  const sort = (isDown ? order.slice(1) : order) as Sort; // as the type says
  const placeOf = (setting: Setting): string | number | null => {
    const { provider, grouping, tone, word } = wordsOf(setting);
    const { id, name, users, lastRequestAt } = setting;
    const values = { made: id, name: foldKey(name), provider: foldKey(provider), grouping: foldKey(grouping) };
    const counts = { active: users.active, inactive: users.inactive, request: lastRequestAt };
    return { ...values, ...counts, status: `${WORST_FIRST[tone]}${word}` }[sort];
  };
  return settings
    .map((setting) => ({ setting, value: placeOf(setting), name: foldKey(setting.name) }))
    .sort((left, right) => {
      if ((left.value === null) !== (right.value === null)) return left.value === null ? 1 : -1;
      const byName = compareCodePoints(left.name, right.name) || compareCodePoints(left.setting.id, right.setting.id);
      return (isDown ? -1 : 1) * compareValues(left.value, right.value) || byName;
    })
    .map(({ setting }) => setting);
}

function compareValues(left: string | number | null, right: string | number | null): number {
  if (typeof left === "number" && typeof right === "number") return left - right;
  return compareCodePoints(String(left ?? ""), String(right ?? ""));
}
