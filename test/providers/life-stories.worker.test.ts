import { describe, expect, it } from "vitest";
import { inTurn } from "../generated-cases.ts";
import { GROUP_STORIES } from "./group-stories.ts";
import { assertHistory, Life } from "./life.ts";
import { NAME_STORIES } from "./name-stories.ts";
import type { Story } from "./story.ts";
import { USER_STORIES } from "./user-stories.ts";
import { connect, type SettingPlan } from "./world.ts";

async function live(story: Story, plan: SettingPlan): Promise<void> {
  const life = new Life(await connect(plan));
  await story.tell(life);
  expect(await life.people()).toEqual(story.people);
  expect(await life.targets()).toEqual(story.targets);
  await assertHistory(life);
  const told = Object.groupBy(await life.feed(), ({ type }) => type);
  for (const [type, times] of Object.entries(story.feed ?? {})) expect(told[type] ?? [], type).toHaveLength(times);
}

describe("people grouped by department", () => {
  it.each(inTurn([...NAME_STORIES, ...USER_STORIES], 0, 5))("$title", (story) =>
    live(story, { groupSettings: { criteria: "field", field: "department" } }),
  );
});

describe("groups synchronised with the identity provider", () => {
  it.each(inTurn(GROUP_STORIES, 0))("$title", (story) => live(story, { groupSettings: { criteria: "idp" } }));
});
