import type { Scene } from "./scene.ts";

/** A number in [0, 1) that the next call does not repeat. */
export type Random = () => number;

/** What a request of a route is made of: each is a number in [0, 1], and the search moves it. */
export interface Genes {
  /** How large it is, from nothing to what its route takes. */
  size: number;
  /** Which of its route's shapes it has. */
  shape: number;
  /** A further choice within the shape. */
  more: number;
}

/** A request as it is sent. */
export interface MemoryRequest {
  method: string;
  path: string;
  body?: string;
  /** Who asks, where it is not the SCIM token: the operator, or the company's admin with a session of the console. */
  as?: "operator" | "admin";
}

/** What the search tries on one route. */
export interface Route {
  name: string;
  make(genes: Genes, scene: Scene): MemoryRequest;
}

/** An item by a gene. */
export function pick<Item>(items: readonly Item[], gene: number): Item {
  const item = items[Math.min(items.length - 1, Math.floor(gene * items.length))];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}

/** A query of these parameters. */
export const query = (pairs: Record<string, string | number>) =>
  `?${new URLSearchParams(Object.entries(pairs).map(([name, value]) => [name, String(value)]))}`;

/** JSON that is large in one way or another: by values, by names, by text, by depth; about `bytes` long. */
export const FILLINGS: readonly ((bytes: number) => string)[] = [
  (bytes) => repeated("[]", bytes),
  (bytes) => repeated("{}", bytes),
  (bytes) => repeated("1.5", bytes),
  (bytes) => repeated('""', bytes),
  (bytes) => repeated('{"a":1}', bytes),
  (bytes) => repeated('{"a":{"b":{}}}', bytes),
  (bytes) => repeated("[[],[[]]]", bytes),
  (bytes) => repeated('{"value":"01890a5d-ac96-774b-bcce-b302099a8057"}', bytes),
  (bytes) => numbered((index) => `{"n${index % 1_400}":${index}}`, bytes),
  (bytes) => numbered((index) => `{"a${index % 130}":1,"b${index % 131}":2}`, bytes),
  (bytes) => numbered((index) => `"text ${index}"`, bytes),
  (bytes) => numbered((index) => String(index * 1.1), bytes),
  (bytes) => repeated(`"${"x".repeat(16_000)}"`, bytes),
  (bytes) => repeated(`"${"漢".repeat(5_000)}"`, bytes),
  (bytes) => `"${"\\u6f22".repeat(Math.floor(bytes / 6))}"`,
];

function repeated(unit: string, bytes: number): string {
  return Array(Math.max(1, Math.floor(bytes / (Buffer.byteLength(unit) + 1))))
    .fill(unit)
    .join();
}

function numbered(unit: (index: number) => string, bytes: number): string {
  const parts: string[] = [];
  for (let index = 0, length = 0; length < bytes; index += 1) {
    const part = unit(index);
    parts.push(part);
    length += part.length + 1;
  }
  return parts.join();
}
