import { describe, expect, it } from "vitest";
import { printBodies, readBodies } from "../../src/log/pack-bodies.ts";
import { person } from "../bench/people.ts";

describe("the bodies of a request", () => {
  it("come back as they were, short or long, also where only one was kept", () => {
    const long = JSON.stringify(person(7));
    for (const requestBody of [null, "", '{"a":1}', long, `{"a":"${"é€😀".repeat(2_000)}"}`, "cut off in the mid"])
      for (const responseBody of [null, '{"id":"1"}', long, `${long.slice(0, -9)}`])
        expect(readBodies(printBodies({ requestBody, responseBody }))).toEqual({ requestBody, responseBody });
  });

  it("are none where none were kept, and stay readable as they lie in the database", () => {
    expect(readBodies(null)).toEqual({ requestBody: null, responseBody: null });
    expect(readBodies('[null,"{}"]')).toEqual({ requestBody: null, responseBody: "{}" });
    expect(printBodies({ requestBody: "{}", responseBody: null })).toBe('["{}",null]');
    const stored = "z1:i1aqjoGHV4ySVYxSYkpijJJOjFIFmFc5CgY9iFGqVdLJK83JiQUA";
    expect(readBodies(stored)).toEqual({
      requestBody: `{"userName":"ada","x":"${"y".repeat(420)}"}`,
      responseBody: null,
    });
  });

  it("of a person that is made take less than the page of the database has room for", () => {
    const sent = JSON.stringify(person(12_345));
    const answered = JSON.stringify({ id: "01a229ce-772c-7445-88aa-c62b394413e1", ...person(12_345) });
    expect(printBodies({ requestBody: sent, responseBody: answered }).length).toBeLessThan(500);
  });
});
