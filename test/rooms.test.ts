import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, expect, it } from "vitest";

interface Room {
  rung: number;
  /** Rooms it may import. */
  rooms: string[];
  /** Outside packages it may import; a trailing `*` matches the rest. */
  packages: string[];
}

const ALL_BELOW_DOORS = [
  "scim",
  "platform",
  "companies",
  "settings",
  "providers",
  "directory",
  "grouping",
  "enrolment",
  "holds",
  "previews",
  "changes",
  "webhooks",
  "alerts",
  "log",
  "person-data",
  "unit",
  "writer",
];

/** The ladder of rooms, as data: a room imports itself and the rooms named for it, nothing else. */
const LADDER: Record<string, Room> = {
  scim: { rung: 0, rooms: [], packages: ["zod"] },
  platform: { rung: 0, rooms: [], packages: ["drizzle-orm*", "node:buffer", "node:crypto", "node:zlib"] },
  companies: { rung: 1, rooms: ["platform"], packages: ["drizzle-orm*", "cloudflare:workers"] },
  settings: { rung: 2, rooms: ["scim", "platform", "companies"], packages: ["drizzle-orm*", "zod", "jose"] },
  providers: { rung: 2, rooms: ["scim"], packages: [] },
  directory: { rung: 3, rooms: ["scim", "platform", "companies", "settings"], packages: ["drizzle-orm*"] },
  grouping: { rung: 4, rooms: ["directory", "settings", "companies", "platform"], packages: ["drizzle-orm*"] },
  enrolment: { rung: 4, rooms: ["directory", "companies", "platform"], packages: ["drizzle-orm*"] },
  holds: {
    rung: 5,
    rooms: ["grouping", "enrolment", "directory", "settings", "companies", "platform"],
    packages: ["drizzle-orm*"],
  },
  alerts: {
    rung: 5,
    rooms: ["webhooks", "settings", "companies", "platform"],
    packages: ["drizzle-orm*"],
  },
  previews: {
    rung: 6,
    rooms: ["holds", "grouping", "enrolment", "directory", "settings", "companies", "platform"],
    packages: ["drizzle-orm*"],
  },
  changes: { rung: 2, rooms: ["platform", "companies"], packages: ["drizzle-orm*"] },
  webhooks: {
    rung: 3,
    rooms: ["platform", "companies", "changes"],
    packages: ["drizzle-orm*", "cloudflare:workers"],
  },
  log: { rung: 3, rooms: ["scim", "platform", "companies", "settings"], packages: ["drizzle-orm*"] },
  "person-data": {
    rung: 5,
    rooms: ["grouping", "enrolment", "log", "directory", "changes", "settings", "companies", "platform", "scim"],
    packages: [],
  },
  unit: {
    rung: 6,
    rooms: ALL_BELOW_DOORS.filter((room) => !["previews", "unit", "writer"].includes(room)),
    packages: ["drizzle-orm*"],
  },
  writer: {
    rung: 7,
    rooms: ALL_BELOW_DOORS.filter((room) => room !== "writer"),
    packages: ["drizzle-orm*", "cloudflare:workers"],
  },
  "scim-api": { rung: 8, rooms: ALL_BELOW_DOORS, packages: ["hono*"] },
  "management-api": { rung: 8, rooms: ALL_BELOW_DOORS, packages: ["hono*", "@hono/zod-validator", "zod"] },
  console: { rung: 8, rooms: ALL_BELOW_DOORS, packages: ["hono*", "@hono/zod-validator", "zod", "jose"] },
};
/**
 * The files that may import the Workers runtime: the Durable Object classes. The courier is one of its own because an
 * endpoint that is slow or down must not hold up its company's writer, the share because requests that are refused must
 * not, the messenger because a chat or a mail server must not; what they do is plain code beside them.
 */
const RUNTIME_FILES = [
  "writer/writer-durable-object.ts",
  "webhooks/courier-durable-object.ts",
  "webhooks/alert-messages/messenger-durable-object.ts",
  "companies/share-durable-object.ts",
];
const TOP_FILES = ["app.ts", "schedule.ts", "worker.ts"];

const root = join(import.meta.dirname, "../src");

interface Import {
  file: string;
  room: string;
  specifier: string;
  /** `import type`, which is gone at run time. */
  isOfTypes: boolean;
}

function listFiles(): string[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => /\.tsx?$/.test(file));
}

function roomOf(file: string): string {
  return file.includes("/") ? (file.split("/")[0] ?? "") : "";
}

function listImports(): Import[] {
  return listFiles().flatMap((file) => {
    const source = readFileSync(join(root, file), "utf8");
    const specifiers = [...source.matchAll(/(?:^|\n)\s*(?:import|export)\b[^;]*?from\s*["']([^"']+)["']/g)].concat([
      ...source.matchAll(/\bimport\s*\(\s*["']([^"']+)["']/g),
      ...source.matchAll(/(?:^|\n)\s*import\s+["']([^"']+)["']/g),
    ]);
    const room = roomOf(file);
    return specifiers.map((match) => ({
      file,
      room,
      specifier: match[1] ?? "",
      isOfTypes: /^\s*(?:import|export) type\b/.test(match[0]),
    }));
  });
}

/** Where a relative import leads to. */
function targetOf({ file, specifier }: Pick<Import, "file" | "specifier">): string {
  return posix.join(posix.dirname(file), specifier);
}

/** Files that reach themselves by imports, circle by circle: each file with all that it reaches and that reaches it. */
function listCircles(edges: readonly (readonly [from: string, to: string])[]): string[][] {
  const next = new Map<string, string[]>();
  for (const [from, to] of edges) next.set(from, [...(next.get(from) ?? []), to]);
  const reach = (start: string): Set<string> => {
    const seen = new Set<string>();
    const waiting = [...(next.get(start) ?? [])];
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      if (seen.has(file)) continue;
      seen.add(file);
      waiting.push(...(next.get(file) ?? []));
    }
    return seen;
  };
  const reached = new Map([...next.keys()].map((file) => [file, reach(file)]));
  const circles = [...reached].flatMap(([file, all]) =>
    all.has(file) ? [[...all].filter((other) => reached.get(other)?.has(file) === true).sort()] : [],
  );
  return [...new Map(circles.map((circle) => [circle.join(" "), circle])).values()];
}

/** Circles of types alone, each with the reason why its files are two all the same. */
const TYPE_CIRCLES: { files: string[]; reason: string }[] = [];

/** Names of files that hold the same thing wherever they stand: a room's tables, a provider's guide. */
const SAME_THING = ["tables", "guide"];

/** The rooms of the top rung: HTTP in, one call, HTTP out. */
const DOORS = ["scim-api", "management-api", "console"];
/** A statement, or what builds or runs one. */
const SQL_TEXT = /\.prepare\(|\bsql`|\b(?:raw|join)Sql\b|\.batch\(|\borm\b|\bd1\s*\.\w/;

/** What sends a statement past the functions of `platform/read-batch.ts`. */
const SENT_PAST_PLATFORM = /\.(?:batch|prepare)\s*[(<]|\bd1\s*\.\w/;

/** Why a door's file breaks "no SQL in a door", or null when it does not. */
function judgeDoorFile(source: string, targets: readonly string[]): string | null {
  const text = SQL_TEXT.exec(source)?.[0];
  if (text !== undefined) return text;
  return targets.find((target) => /^platform\/sql\.ts$|(?:^|\/)tables\.ts$|^drizzle-orm/.test(target)) ?? null;
}

/** Why an import breaks the ladder, or null when it does not. */
function judgeImport({ file, room, specifier }: Omit<Import, "isOfTypes">): string | null {
  if (room === "") return TOP_FILES.includes(file) ? null : `${file} is not a file the top of src may hold`;
  const own = LADDER[room];
  if (own === undefined) return `${room} is not a room`;
  if (specifier.startsWith(".")) {
    const targetRoom = roomOf(targetOf({ file, specifier }));
    if (targetRoom === room) return null;
    return own.rooms.includes(targetRoom) ? null : `${file} (${room}) imports ${targetRoom}`;
  }
  const allowed = own.packages.some((name) =>
    name.endsWith("*") ? specifier.startsWith(name.slice(0, -1)) : specifier === name,
  );
  if (specifier === "cloudflare:workers" && !RUNTIME_FILES.includes(file)) return `${file} imports ${specifier}`;
  return allowed ? null : `${file} (${room}) imports ${specifier}`;
}

describe("the ladder", () => {
  it("lists rooms that stand only on lower rungs", () => {
    for (const [name, room] of Object.entries(LADDER))
      for (const below of room.rooms) expect(LADDER[below]?.rung, `${name} -> ${below}`).toBeLessThan(room.rung);
  });

  it("holds for every import under src", () => {
    const imports = listImports();
    expect(imports.length).toBeGreaterThan(0);
    expect(imports.map(judgeImport).filter((verdict) => verdict !== null)).toEqual([]);
  });

  it("refuses an import upwards, sideways and of an unlisted package", () => {
    const bad = [
      { file: "scim/filter.ts", room: "scim", specifier: "../platform/clock.ts" },
      { file: "grouping/plan.ts", room: "grouping", specifier: "../enrolment/plan.ts" },
      { file: "directory/tables.ts", room: "directory", specifier: "../writer/queue.ts" },
      { file: "scim/filter.ts", room: "scim", specifier: "hono" },
      { file: "writer/queue.ts", room: "writer", specifier: "cloudflare:workers" },
    ];
    for (const example of bad) expect(judgeImport(example), example.file).not.toBeNull();
  });

  it("holds no circle of values, and of types only where it says why", () => {
    const inner = listImports().filter(({ specifier }) => specifier.startsWith("."));
    const edgesOf = (imports: readonly Import[]) => imports.map((found) => [found.file, targetOf(found)] as const);
    expect(inner.length).toBeGreaterThan(0);
    expect(listCircles(edgesOf(inner.filter(({ isOfTypes }) => !isOfTypes)))).toEqual([]);
    expect(listCircles(edgesOf(inner))).toEqual(TYPE_CIRCLES.map(({ files }) => files));
  });

  it("finds circles, whole and apart from what only leads to them", () => {
    const edges = ["ab", "bc", "ca", "dc", "ef", "fe", "cg", "hh"].map(
      (pair) => [pair.charAt(0), pair.charAt(1)] as const,
    );
    expect(listCircles(edges)).toEqual([["a", "b", "c"], ["e", "f"], ["h"]]);
  });
});

describe("the ladder, about SQL", () => {
  it("holds no SQL in a door, nor where the doors are put together", () => {
    const imports = listImports();
    const verdicts = listFiles()
      .filter((file) => DOORS.includes(roomOf(file)) || TOP_FILES.includes(file))
      .map((file) => {
        const own = imports.filter((found) => found.file === file);
        const targets = own.map((found) => (found.specifier.startsWith(".") ? targetOf(found) : found.specifier));
        return [file, judgeDoorFile(readFileSync(join(root, file), "utf8"), targets)] as const;
      });
    expect(verdicts.length).toBeGreaterThan(100);
    expect(verdicts.filter(([, verdict]) => verdict !== null)).toEqual([]);
  });

  it("sees each way in which SQL could come into a door", () => {
    const texts = [
      "await database.d1.run()",
      'db.prepare("SELECT 1")',
      "sql`SELECT 1`",
      "c.var.database.orm",
      "x.batch([])",
    ];
    for (const text of texts) expect(judgeDoorFile(text, []), text).not.toBeNull();
    const targets = ["platform/sql.ts", "settings/tables.ts", "drizzle-orm/d1"];
    for (const target of targets) expect(judgeDoorFile("", [target]), target).not.toBeNull();
    expect(judgeDoorFile("runRead(database, selectFields(key))", ["platform/read-batch.ts"])).toBeNull();
  });

  it("sends SQL to D1 from the platform alone", () => {
    const files = listFiles().filter((file) => roomOf(file) !== "platform");
    const verdicts = files.map((file) => [file, SENT_PAST_PLATFORM.exec(readFileSync(join(root, file), "utf8"))?.[0]]);
    expect(verdicts.length).toBeGreaterThan(300);
    expect(verdicts.filter(([, text]) => text !== undefined)).toEqual([]);
  });

  it("sees each way in which a statement could be sent past the platform", () => {
    const texts = [
      "orm.batch([])",
      "x.batch<Row>([])",
      "registry.prepare(COPY)",
      "x\n    .prepare(",
      "database.d1.exec(",
    ];
    for (const text of texts) expect(SENT_PAST_PLATFORM.test(text), text).toBe(true);
    expect(SENT_PAST_PLATFORM.test("sendBatch(d1, statements)")).toBe(false);
  });
});

describe("the house, beside its ladder", () => {
  it("gives no two files one name unless they hold the same thing", () => {
    const byName = Map.groupBy(listFiles(), (file) => posix.basename(file).replace(/\.tsx?$/, ""));
    const shared = [...byName].filter(([name, files]) => files.length > 1 && !SAME_THING.includes(name));
    expect(shared.map(([, files]) => files)).toEqual([]);
  });

  it("lets nobody change a webhook without its courier hearing of it, nor call a courier past the webhooks' own room", () => {
    const importers = (file: string) =>
      listImports()
        .filter((found) => targetOf(found) === file)
        .map(({ file: from }) => from);
    expect(importers("webhooks/webhook-change-store.ts")).toEqual(["webhooks/change-webhook.ts"]);
    const callers = ["webhooks/change-webhook.ts", "webhooks/sweep-webhooks.ts", "writer/writer-durable-object.ts"];
    expect(importers("webhooks/call-courier.ts").sort()).toEqual(callers);
    // Besides them the courier's own reports; all that the writer changes stands in one file, which has them woken.
    const changing = listFiles().filter((file) =>
      /(?:UPDATE|INTO|DELETE FROM) webhooks\b/.test(readFileSync(join(root, file), "utf8")),
    );
    const own = ["webhooks/delivery-store.ts", "webhooks/webhook-change-store.ts"];
    expect(changing.sort()).toEqual([...own, "writer/configure-webhooks.ts"]);
  });

  it("lets only Bulk's own files, the table of operations and what tells outcomes apart know a Bulk request's items", () => {
    const naming = (word: RegExp) => listFiles().filter((file) => word.test(readFileSync(join(root, file), "utf8")));
    const own = ["writer/bulk-item-outcome.ts", "writer/bulk-item.ts", "writer/bulk.ts"];
    const tables = ["writer/log-written-request.ts", "writer/operation-table.ts", "writer/operation.ts"];
    expect(naming(/bulkItem/).sort()).toEqual(["scim-api/send-to-writer.ts", ...own, ...tables]);
    expect(naming(/bulk/i)).not.toContain("writer/write-queue.ts");
  });

  it("keeps barrels and catch-all names out of the house", () => {
    const names = readdirSync(root, { recursive: true, encoding: "utf8" });
    expect(names.filter((name) => /(^|\/)(index|utils?|helpers?|types|common|lib)(\.tsx?)?$/.test(name))).toEqual([]);
  });

  it("keeps the composition files under 60 lines", () => {
    for (const file of TOP_FILES)
      expect(readFileSync(join(root, file), "utf8").split("\n").length, file).toBeLessThan(60);
  });
});
