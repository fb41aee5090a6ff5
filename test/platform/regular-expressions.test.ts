import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { IS_WHOLE } from "../generated-cases.ts";
import { SteppedRegExp } from "../tools/count-regex-steps.ts";

const root = join(import.meta.dirname, "../../src");

/** After what a slash begins a regular expression, and does not divide. */
const BEFORE = /(?:[(,=:[!&|?{};+]|=>|\breturn|\btypeof|^)\s*$/;

/** The regular expressions that stand in a source as they are, with its comments and texts left out. */
function literalsIn(source: string): RegExp[] {
  const found: RegExp[] = [];
  const skip = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/y;
  const start = /["'/]/g;
  const literal = /\/((?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([dgimsuvy]*)/y;
  for (let at = 0; ; ) {
    start.lastIndex = at;
    const next = start.exec(source);
    if (next === null) break;
    at = next.index;
    const line = source.slice(source.lastIndexOf("\n", at - 1) + 1, at);
    literal.lastIndex = at;
    skip.lastIndex = at;
    const skipped = skip.exec(source);
    const match = source[at] === "/" && skipped === null && BEFORE.test(line) ? literal.exec(source) : null;
    if (match !== null) found.push(new RegExp(match[1] ?? "", match[2]));
    at += (match ?? skipped)?.[0].length ?? 1;
  }
  return found;
}

const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) => /\.tsx?$/.test(file));
const sources = files.map((file) => ({ file, source: readFileSync(join(root, file), "utf8") }));

/** Those that a module makes of pieces while it is loaded. */
async function madeBy(file: string): Promise<RegExp[]> {
  const made: RegExp[] = [];
  const real = globalThis.RegExp;
  globalThis.RegExp = new Proxy(real, {
    construct(target, args: [string, string]) {
      const expression = new target(...args);
      made.push(expression);
      return expression;
    },
  });
  try {
    await import(`${join(root, file)}?made`);
  } finally {
    globalThis.RegExp = real;
  }
  return made;
}

const LENGTH = IS_WHOLE ? 20_000 : 5_000;
/** Steps for each character of a text: more than any loop of ours has alternatives. */
const MOST_STEPS = 150;

/** Steps after which a short text is given up: what takes so many grows out of all bounds. */
const SHORT = IS_WHOLE ? 300_000 : 60_000;

/** The text among those of its own characters on which an expression's steps grow most, in short. */
function worstOf(stepped: SteppedRegExp): { lead: string; unit: string; end: string } {
  const characters = stepped.characters();
  const pairs = characters.slice(0, 5);
  const units = [...characters, ...pairs.flatMap((a) => pairs.map((b) => a + b))];
  const leads = stepped.leads();
  const ends = ["", ...characters.slice(0, 3), "\u0000"];
  let worst = { lead: "", unit: "a", end: "", growth: 0 };
  for (const lead of leads)
    for (const unit of [...units, ...leads.filter((text) => text !== "")])
      for (const end of ends) {
        const steps = (times: number) => stepped.count(lead + unit.repeat(times) + end, SHORT);
        const [few, many] = [steps(20), steps(60)];
        const growth = few >= SHORT ? Number.POSITIVE_INFINITY : (many / 60 - few / 20) / unit.length;
        if (growth > worst.growth) worst = { lead, unit, end, growth };
      }
  return worst;
}

function stepsAtWorst(expression: RegExp): { steps: number; worst: string } {
  const stepped = new SteppedRegExp(expression);
  const { lead, unit, end } = worstOf(stepped);
  const text = `${lead}${unit.repeat(Math.ceil(LENGTH / unit.length))}${end}`;
  const steps = stepped.count(text, MOST_STEPS * LENGTH + 1);
  return { steps, worst: JSON.stringify([lead, unit, end]) };
}

describe("counting the steps of a regular expression", () => {
  it("knows what is linear from what is not", () => {
    for (const slow of [/"(?:[^"\\]|\\.)*"/g, /\.+$/, /^(a+)+$/, /a.*b/])
      expect(stepsAtWorst(slow).steps, String(slow)).toBeGreaterThan(MOST_STEPS * LENGTH);
    for (const quick of [
      /^"(?:[^"\\]|\\.)*"$/,
      /^\.+/,
      /[^a]+/g,
      /^\d{1,15}$/,
      /a[^a]{0,20}b/,
      /^(\d{4})(-?)\d\2$/,
      /(?=@)|(?<=\.)/,
    ])
      expect(stepsAtWorst(quick).steps, String(quick)).toBeLessThan(MOST_STEPS * LENGTH);
  });
});

describe("every regular expression of the sources", () => {
  const literals = sources.flatMap(({ file, source }) =>
    literalsIn(source).map((expression) => ({ file, expression })),
  );
  const makers = sources
    .filter(({ source }) => source.includes("new RegExp("))
    .map(({ file }) => file.replaceAll("\\", "/"));

  it("is found", () => {
    expect(literals.length).toBeGreaterThan(60);
    expect(literalsIn('const a = b / c; // no /x/\nf(/a[/]b/gi, "/q/", x => /y/u.test(x))').map(String)).toEqual([
      "/a[/]b/gi",
      "/y/u",
    ]);
  });

  it.each(literals.map(({ file, expression }) => [String(expression), file, expression] as const))(
    "is linear: %s in %s",
    (_, _file, expression) => {
      const { steps, worst } = stepsAtWorst(expression);
      expect(steps, worst).toBeLessThan(MOST_STEPS * LENGTH);
    },
  );

  it("is linear too where it is made of pieces", async () => {
    // One of them is made of our own routes' paths.
    expect(makers.sort()).toEqual([
      "directory/typed-field-value.ts",
      "management-api/unrouted.ts",
      "platform/transient-fault.ts",
    ]);
    for (const file of makers)
      for (const expression of await madeBy(file)) {
        const { steps, worst } = stepsAtWorst(expression);
        expect(steps, `${expression} ${worst}`).toBeLessThan(MOST_STEPS * LENGTH);
      }
  });
});
