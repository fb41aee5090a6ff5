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
  "changes",
  "webhooks",
  "log",
  "writer",
];

/** The ladder of rooms, as data: a room imports itself and the rooms named for it, nothing else. */
const LADDER: Record<string, Room> = {
  scim: { rung: 0, rooms: [], packages: ["zod"] },
  platform: { rung: 0, rooms: [], packages: ["drizzle-orm*"] },
  companies: { rung: 1, rooms: ["platform"], packages: ["drizzle-orm*"] },
  settings: { rung: 2, rooms: ["scim", "platform", "companies"], packages: ["drizzle-orm*", "zod"] },
  providers: { rung: 2, rooms: ["scim"], packages: [] },
  directory: { rung: 3, rooms: ["scim", "platform", "companies", "settings"], packages: ["drizzle-orm*"] },
  grouping: { rung: 4, rooms: ["directory", "settings", "platform"], packages: ["drizzle-orm*"] },
  enrolment: { rung: 4, rooms: ["directory", "platform"], packages: ["drizzle-orm*"] },
  changes: { rung: 2, rooms: ["platform", "companies"], packages: ["drizzle-orm*"] },
  webhooks: {
    rung: 3,
    rooms: ["platform", "companies", "changes"],
    packages: ["drizzle-orm*", "cloudflare:workers"],
  },
  log: { rung: 3, rooms: ["scim", "platform", "companies", "settings"], packages: ["drizzle-orm*"] },
  writer: {
    rung: 5,
    rooms: ALL_BELOW_DOORS.filter((room) => room !== "writer"),
    packages: ["drizzle-orm*", "cloudflare:workers"],
  },
  "scim-api": { rung: 6, rooms: ALL_BELOW_DOORS, packages: ["hono*"] },
  "management-api": { rung: 6, rooms: ALL_BELOW_DOORS, packages: ["hono*", "@hono/zod-validator", "zod"] },
  console: { rung: 6, rooms: ALL_BELOW_DOORS, packages: ["hono*", "@hono/zod-validator", "zod", "jose"] },
};
/**
 * The files that may import the Workers runtime: the two Durable Object classes. The courier is a second one because an
 * endpoint that is slow or down must not hold up its company's writer; what it does is plain code beside it.
 */
const RUNTIME_FILES = ["writer/directory-writer.ts", "webhooks/webhook-courier.ts"];
const TOP_FILES = ["app.ts", "worker.ts"];

const root = join(import.meta.dirname, "../src");

interface Import {
  file: string;
  room: string;
  specifier: string;
}

function listImports(): Import[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => /\.tsx?$/.test(file))
    .flatMap((file) => {
      const source = readFileSync(join(root, file), "utf8");
      const specifiers = [...source.matchAll(/(?:^|\n)\s*(?:import|export)\b[^;]*?from\s*["']([^"']+)["']/g)].concat([
        ...source.matchAll(/\bimport\s*\(\s*["']([^"']+)["']/g),
        ...source.matchAll(/(?:^|\n)\s*import\s+["']([^"']+)["']/g),
      ]);
      const room = file.includes("/") ? (file.split("/")[0] ?? "") : "";
      return specifiers.map((match) => ({ file, room, specifier: match[1] ?? "" }));
    });
}

/** Why an import breaks the ladder, or null when it does not. */
function judgeImport({ file, room, specifier }: Import): string | null {
  if (room === "") return TOP_FILES.includes(file) ? null : `${file} is not a file the top of src may hold`;
  const own = LADDER[room];
  if (own === undefined) return `${room} is not a room`;
  if (specifier.startsWith(".")) {
    const target = posix.join(posix.dirname(file), specifier);
    const targetRoom = target.split("/")[0] ?? "";
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

  it("lets nobody change a webhook without its courier hearing of it, nor call a courier past the webhooks' own room", () => {
    const importers = (file: string) =>
      listImports()
        .filter(({ file: from, specifier }) => posix.join(posix.dirname(from), specifier) === file)
        .map(({ file: from }) => from);
    expect(importers("webhooks/webhook-change-store.ts")).toEqual(["webhooks/change-webhook.ts"]);
    const callers = ["webhooks/change-webhook.ts", "webhooks/sweep-webhooks.ts", "writer/directory-writer.ts"];
    expect(importers("webhooks/call-courier.ts").sort()).toEqual(callers);
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
