import { describe, expect, it } from "vitest";
import type { Change } from "../../../src/changes/change.ts";
import { groupIdsIn, matchAt, personIdIn, toEvents } from "../../../src/console/people/timeline-events.ts";

/** A change of one person, made by a request of the identity provider unless it says otherwise. */
function change(seq: number, type: string, more: Partial<Pick<Change, "data" | "cause">> = {}): Change {
  return {
    ...{ seq, mark: null, type, time: seq * 1_000, subject: { kind: "user", id: "u" }, data: {} },
    ...{ cause: { requestId: "r1", actor: "scim" }, ...more },
  };
}

const steps = (changes: readonly Change[]) =>
  toEvents(changes).map(({ time, lines }) => [time, lines.map(({ step, change: { type } }) => `${step} ${type}`)]);

describe("the events of a timeline", () => {
  it("are what each request did, newest first, each in the order import, match, group, enrol", () => {
    const byHand = { cause: { requestId: "r2", actor: "admin" } };
    expect(
      steps([
        change(6, "member.removed", byHand),
        change(5, "user.updated", { ...byHand, data: { changed: { firstName: { old: "A", new: "B" } } } }),
        change(4, "enrolment.started"),
        change(3, "member.added"),
        change(2, "user.created", { data: { personId: "p" } }),
      ]),
    ).toEqual([
      [5_000, ["edit user.updated", "group member.removed"]],
      [2_000, ["import user.created", "match user.created", "group member.added", "enrol enrolment.started"]],
    ]);
  });

  it("are apart where another request, or another actor under one id, comes between", () => {
    const system = { cause: { requestId: "r1", actor: "system" } };
    const all = [change(4, "member.added"), change(3, "member.added", system), change(2, "member.removed")];
    expect(toEvents(all)).toHaveLength(3);
    expect(toEvents([])).toEqual([]);
  });

  it("say which person somebody became by itself, beside what else was changed", () => {
    const personId = { old: "p", new: "q" };
    expect(steps([change(1, "user.updated", { data: { changed: { personId } } })])).toEqual([
      [1_000, ["match user.updated"]],
    ]);
    expect(
      steps([change(1, "user.updated", { data: { changed: { personId, email: { old: "a", new: "b" } } } })]),
    ).toEqual([[1_000, ["import user.updated", "match user.updated"]]]);
    for (const changed of [null, "x", { personId: "x" }, { personId: { new: 7 } }])
      expect(personIdIn({ type: "user.updated", data: { changed } })).toBeNull();
  });
});

describe("whom somebody was matched with", () => {
  const other = (id: string, createdAt: number) => ({
    ...{ id, userName: id, createdAt, setting: { id: "s", name: "Okta", isDeleted: false } },
  });
  const created = change(5, "user.created", { data: { personId: "p" } });

  it("is told by those who were here before with the same e-mail address", () => {
    const [early, late] = [other("early", 1_000), other("late", 9_000)];
    const match = matchAt(created, { personId: "p", hasEmail: true, others: [early, late] });
    expect(match).toEqual({ kind: "with", others: [early] });
    expect(matchAt(created, { personId: "p", hasEmail: true, others: [late] })).toEqual({ kind: "nobody" });
    expect(matchAt(created, { personId: "p", hasEmail: false, others: [] })).toEqual({ kind: "noEmail" });
  });

  it("is not told of an address that the person has no more", () => {
    const person = { personId: "another", hasEmail: true, others: [other("early", 1_000)] };
    expect(matchAt(created, person)).toEqual({ kind: "past" });
  });
});

it("the target groups that changes name are found wherever they are named", () => {
  const groups = [{ id: "g2", name: "B" }, { id: 7 }, null, { id: "g3", name: "C" }];
  const data = [{ groupId: "g1" }, { groups }, { groups: "x" }, { groupId: null }];
  expect(groupIdsIn(data.map((each) => ({ data: each })))).toEqual(["g1", "g2", "g3"]);
});
