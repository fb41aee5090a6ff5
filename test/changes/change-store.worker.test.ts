import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { selectHistory } from "../../src/changes/change-store.ts";
import { openRegistry } from "../../src/platform/database.ts";
import { runRead } from "../../src/platform/read-batch.ts";
import { fillCompany, insert } from "../management-api/fill-company.ts";

it("a person's history is their changes alone, newest first, page by page", async () => {
  const [one, two] = [await fillCompany("One"), await fillCompany("Two")];
  for (const { company } of [one, two])
    for (let seq = 1; seq <= 6; seq += 1)
      await insert("changes", {
        ...{ company_key: company.key, seq, type: "user.updated", time: seq, subject_kind: "user", subject_id: "u" },
        ...{ user_id: seq % 2 === 0 ? "ada" : seq === 5 ? null : "bob", data: "{}", cause: "{}" },
      });
  const read = async (before: number | null) =>
    (await runRead(openRegistry(env), selectHistory(one.company.key, "ada", { take: 2, before }))).rows.map(
      ({ seq }) => seq,
    );
  expect(await read(null)).toEqual([6, 4]);
  expect(await read(4)).toEqual([2]);
});
