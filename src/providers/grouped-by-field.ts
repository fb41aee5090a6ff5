import type { GuideLine } from "./guide.ts";

/** For those who group by a field: which path it is read from, and what is to be done at the provider that it is filled. */
export function groupedByField(whatToDo: string): GuideLine {
  return { grouping: "field", text: `People are grouped by “{groupField}”, read from \`{groupPath}\`: ${whatToDo}` };
}

/** For those whose people all go into one group: nothing has to be sent that sorts them. */
export const ONE_GROUP_FOR_ALL: GuideLine = {
  grouping: "none",
  text: "Everybody goes into one target group here: neither groups nor a department have to be sent.",
};
