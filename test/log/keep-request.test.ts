import { describe, expect, it } from "vitest";
import { completeEntry, type Fate } from "../../src/log/complete-log-entry.ts";
import { BODY_LIMIT } from "../../src/log/keep-body.ts";
import { keepRequest } from "../../src/log/keep-request.ts";
import { type LogDraft, newDraft } from "../../src/log/log-draft.ts";
import type { LogEntry } from "../../src/log/log-entry.ts";
import { noteOf } from "../../src/scim/note.ts";
import { refusal } from "../../src/scim/scim-error.ts";

const NOTE_A = noteOf("unknown_attribute", "shoeSize", 44);
const NOTE_B = noteOf("kept_active", "active");

const ID = "01890a5d-ac96-774b-bcce-b302099a8057";

function row(
  said: { draft?: Partial<LogDraft>; url?: string; isBulk?: boolean; filter?: string; method?: string },
  status = 200,
): LogEntry {
  const { draft, url = "https://x/scim/v2/Users", isBulk = false, filter = null, method = "POST" } = said;
  const facts = { id: "r", settingId: "s", tokenId: "t", time: 1_000, method, duration: 5 };
  return keepRequest({ ...facts, url, isBulk, filter, draft: { ...newDraft(), ...draft } }, status);
}

const tied: Partial<LogDraft> = { resourceType: "User", resourceId: ID, label: "ada" };

describe("the row of a request", () => {
  it("keeps what was sent and answered about one person, without secrets", () => {
    const entry = row({
      draft: { ...tied, requestBody: { userName: "ada", password: "p1" }, responseBody: { id: ID } },
    });
    expect(entry.requestBody).toBe('{"userName":"ada","password":"[redacted]"}');
    expect(entry.responseBody).toBe(`{"id":"${ID}"}`);
    expect(entry).toMatchObject({ label: "ada", resourceId: ID, path: "/scim/v2/Users", duration: 5 });
  });

  it("keeps nothing that was sent when nobody is named by whom it could be found again", () => {
    const draft = {
      resourceType: "User" as const,
      requestBody: { title: "x" },
      responseBody: { a: 1 },
      detail: 'no "ada"',
    };
    expect(row({ draft }, 400)).toMatchObject({
      requestBody: '{"title":"…"}',
      responseBody: '{"status":"400","detail":"no \\"…\\""}',
      detail: 'no "…"',
    });
    const asked = "https://x/scim/v2/Users?filter=title+co+%22ada%22";
    expect(row({ url: asked, filter: 'title co "ada"' }).path).toBe("/scim/v2/Users?[redacted]");
  });

  it("is found by the one name that a filter asks for, in the query and in the body of a search", () => {
    const filter = 'emails[type eq "work"].value eq "ada@x"';
    const search = "https://x/scim/v2/Users/.search";
    expect(row({ method: "GET", filter }).label).toBe("ada@x");
    expect(row({ url: search, draft: { requestBody: { Filter: filter } } }).label).toBe("ada@x");
    expect(row({ method: "GET", filter, draft: tied }).label).toBe("ada");
  });

  it("keeps no filter of what is no list, which says nothing of whom the request is about", () => {
    const filter = 'userName eq "bob@x"';
    const query = `?filter=${encodeURIComponent(filter)}`;
    for (const [method, path] of [
      ["GET", `/Users/${ID}`],
      ["POST", "/Users"],
      ["PUT", `/Users/${ID}`],
      ["PATCH", `/Users/${ID}`],
      ["GET", "/Schemas"],
    ] as const) {
      const asked = row({ method, url: `https://x/scim/v2${path}${query}`, filter, draft: tied });
      expect(JSON.stringify(asked), `${method} ${path}`).not.toContain("bob");
      const sent = row({ method, url: `https://x/scim/v2${path}`, draft: { ...tied, requestBody: { filter } } }, 400);
      expect(JSON.stringify(sent), `${method} ${path}`).not.toContain("bob");
    }
  });

  it("keeps no filter for a name with white space around it, or for an address in disguise: no erasure would find it", () => {
    for (const name of ["Ada Lovelace ", " ada", "ada@x ", "ada%40x", "ada＠x"]) {
      const filter = `displayName eq ${JSON.stringify(name)}`;
      const url = `https://x/scim/v2/Users?filter=${encodeURIComponent(filter)}`;
      expect(row({ url, filter }), name).toMatchObject({ label: null, path: "/scim/v2/Users?[redacted]" });
    }
  });

  it("leaves out of groups and of Bulk requests what they say of several people", () => {
    const members = [{ value: ID, display: "Ada" }];
    expect(row({ draft: { resourceType: "Group", requestBody: { members } } }).requestBody).not.toContain("Ada");
    const Operations = [{ method: "POST", bulkId: "ada", data: { userName: "ada" } }];
    expect(row({ isBulk: true, draft: { requestBody: { Operations } } }).requestBody).not.toContain("ada");
  });

  it("names nobody in its path, and no secret in its query", () => {
    expect(row({ draft: tied, url: "https://x/scim/v2/Users/ada?a=b" }).path).toBe("/scim/v2/Users/[name]?…");
    expect(row({ draft: tied, url: "https://x/scim/v2/Users?attributes=Pass%77ord" }).path).toBe(
      "/scim/v2/Users?[redacted]",
    );
  });
});

describe("what is known to name nobody", () => {
  const kept = (url: string, method = "GET") =>
    keepRequest({ ...FACTS, method, url: `https://x${url}`, draft: newDraft() }, 400);
  const FACTS = { id: "r", settingId: "s", tokenId: "t", time: 1, duration: 1, isBulk: false, filter: null };

  it("is all that is kept of a method and a path", () => {
    expect(kept("/scim/v2/Users", "ADA").method).toBe("OTHER");
    expect(kept("/scim/v2/users/.Search").path).toBe("/scim/v2/users/.Search");
    expect(kept(`/scim/v2/Users/${ID}/ada`).path).toBe(`/scim/v2/Users/${ID}/[name]`);
    expect(kept("/scim/v2/ada@x/b").path).toBe("/scim/v2/[name]/[name]");
    const urn = "urn:ietf:params:scim:schemas:core:2.0:User";
    expect(kept(`/scim/v2/Schemas/${urn}`).path).toBe(`/scim/v2/Schemas/${urn}`);
    expect(kept(`/scim/v2${"/ada".repeat(5_000)}`).path.length).toBeLessThan(200);
  });

  it("is all that is kept of a query", () => {
    const of = (query: string) => kept(`/scim/v2/Users?${query}`).path.slice("/scim/v2/Users?".length);
    expect(of("count=5&startIndex=7&sortOrder=descending&sortBy=name.familyName")).toBe(
      "count=5&startIndex=7&sortOrder=descending&sortBy=name.familyName",
    );
    expect(
      of("attributes=userName,emails.value&excludedAttributes=urn:ietf:params:scim:schemas:core:2.0:User:title"),
    ).not.toContain("…");
    expect(of("count=ada&sortBy=ada&cursor=QURB&ada=1&attributes=userName,ada")).toBe(
      "count=…&sortBy=…&cursor=…&…&attributes=…",
    );
    expect(of("aadOptscim062020")).toBe("aadOptscim062020");
  });
});

describe("the length of bodies", () => {
  const long = "x".repeat(3 * BODY_LIMIT);
  const isCut = (text: string | null) => text !== null && text.length >= BODY_LIMIT && text.length <= BODY_LIMIT + 2;

  it("is one, whoever keeps them: of a request, an answer, an answer's text, and what the writer answered", () => {
    const kept = row({ draft: { ...tied, requestBody: { title: long }, responseBody: { title: long } } });
    const text = row({ draft: { ...tied, responseText: JSON.stringify({ title: long }) } });
    const fates: Fate[] = [
      { kind: "resource", type: "User", id: ID, document: { userName: "ada", title: long } },
      { kind: "answered", items: Array.from({ length: 999 }, () => ({ status: 204, id: ID })) },
    ];
    const written = fates.map((fate) => completeEntry(kept, fate, [], 2_000).responseBody);
    for (const body of [kept.requestBody, kept.responseBody, text.responseBody, ...written])
      expect(isCut(body)).toBe(true);
  });
});

describe("the row of a write, once it is known what became of it", () => {
  const entry = row({ draft: { ...tied, requestBody: { userName: "ada" }, notes: [NOTE_A] } });

  it("tells the resource as the commit left it", () => {
    const fate = { kind: "resource", type: "User", id: "new", document: { userName: "Lovelace" } } as const;
    expect(completeEntry(entry, fate, [NOTE_B, NOTE_A], 1_200)).toMatchObject({
      resourceId: "new",
      label: "Lovelace",
      responseBody: '{"id":"new","userName":"Lovelace"}',
      duration: 200,
      notes: [NOTE_A, NOTE_B],
    });
  });

  it("redacts what is secret under any name, also of what was stored", () => {
    const document = { userName: "ada", "urn:x:User": { password: "p1" } };
    const fate = { kind: "resource", type: "User", id: ID, document } as const;
    expect(completeEntry(entry, fate, [], 2_000).responseBody).not.toContain("p1");
  });

  it("keeps nothing of what was sent about a user that is not there", () => {
    const refused = { kind: "refused", ...refusal("no_such_user", "gone") } as const;
    expect(completeEntry(entry, refused, [], 2_000)).toMatchObject({ label: null, requestBody: null, status: 404 });
    const other = { kind: "refused", ...refusal("user_name_taken", "taken") } as const;
    expect(completeEntry({ ...entry, resourceId: null }, other, [], 2_000)).toMatchObject({
      label: "ada",
      code: "user_name_taken",
      scimType: "uniqueness",
    });
    expect(completeEntry(entry, { kind: "deleted", label: "ada" }, [], 2_000).label).toBe("ada");
  });
});
