/*
 * How many steps a backtracking engine takes for a regular expression on a text, counted and not timed. It runs the
 * expression as V8's does: alternatives in order, loops greedy unless lazy, from each place of the text on. Whether one
 * character is in a class is asked of the real engine.
 */

type Node =
  | { kind: "test"; source: string }
  | { kind: "assert"; source: string }
  | { kind: "look"; node: Node; isNegative: boolean; isBehind: boolean }
  | { kind: "sequence"; nodes: Node[] }
  | { kind: "either"; nodes: Node[] }
  | { kind: "loop"; node: Node; least: number; most: number; isLazy: boolean }
  | { kind: "again"; group: number }
  | { kind: "group"; node: Node; index: number };

type Step =
  | { op: "test"; source: string; known: Map<string, boolean> }
  | { op: "assert"; source: string }
  | { op: "look"; program: Step[]; isNegative: boolean; isBehind: boolean }
  | { op: "split"; first: number; second: number }
  | { op: "jump"; to: number }
  /** Ends a round of a loop that took no character. */
  | { op: "progress"; slot: number }
  | { op: "mark"; slot: number }
  | { op: "open" | "close"; index: number }
  | { op: "again"; index: number };

/** A loop without a most is written out this often beyond its least, if not without end. */
const UNBOUNDED = Number.POSITIVE_INFINITY;

/** Where groups begin and end is kept under numbers from this on. */
const OPEN = 1_000;

function set(slots: ReadonlyMap<number, number>, slot: number, at: number): ReadonlyMap<number, number> {
  return new Map(slots).set(slot, at);
}

class Parser {
  readonly #source: string;
  readonly #isUnicode: boolean;
  #at = 0;
  #groups = 0;

  constructor({ source, flags }: RegExp) {
    this.#source = source;
    this.#isUnicode = /[uv]/.test(flags);
  }

  parse(): Node {
    const nodes = [this.#sequence()];
    while (this.#source[this.#at] === "|") {
      this.#at += 1;
      nodes.push(this.#sequence());
    }
    return nodes.length === 1 && nodes[0] !== undefined ? nodes[0] : { kind: "either", nodes };
  }

  #sequence(): Node {
    const nodes: Node[] = [];
    while (this.#at < this.#source.length && !"|)".includes(this.#source[this.#at] ?? ""))
      nodes.push(this.#quantified());
    return { kind: "sequence", nodes };
  }

  #quantified(): Node {
    const node = this.#atom();
    const rest = this.#source.slice(this.#at);
    const match = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})(\??)/.exec(rest);
    if (match === null || node.kind === "assert") return node;
    this.#at += match[0].length;
    const [, sign, low = "0", comma, high = "", lazy] = match;
    const least = sign === "+" ? 1 : sign === undefined ? Number(low) : 0;
    const bound = comma === "" ? least : high === "" ? UNBOUNDED : Number(high);
    const most = sign === "?" ? 1 : sign === undefined ? bound : UNBOUNDED;
    return { kind: "loop", node, least, most, isLazy: lazy === "?" };
  }

  #atom(): Node {
    const rest = this.#source.slice(this.#at);
    const take = (length: number) => {
      const text = this.#source.slice(this.#at, this.#at + length);
      this.#at += length;
      return text;
    };
    const open = /^\((?:\?(?:(<?)([=!])|:|<\w+>))?/.exec(rest);
    if (open !== null) {
      const isCapture = !open[0].startsWith("(?") || /^\(\?<\w/.test(open[0]);
      const index = isCapture ? ++this.#groups : 0;
      take(open[0].length);
      const node = this.parse();
      take(1);
      if (open[2] !== undefined) return { kind: "look", node, isNegative: open[2] === "!", isBehind: open[1] === "<" };
      return isCapture ? { kind: "group", node, index } : node;
    }
    const assertion = /^(?:[\^$]|\\[bB])/.exec(rest)?.[0];
    if (assertion !== undefined) return { kind: "assert", source: take(assertion.length) };
    const again = /^\\([1-9])/.exec(rest);
    if (again !== null) {
      take(again[0].length);
      return { kind: "again", group: Number(again[1]) };
    }
    const single =
      /^(?:\[(?:\\.|[^\]\\])*\]|\\[pP]\{[^}]*\}|\\u\{[^}]*\}|\\u[\da-fA-F]{4}|\\x[\da-fA-F]{2}|\\c[A-Z]|\\.)/.exec(
        rest,
      )?.[0];
    if (single !== undefined) return { kind: "test", source: take(single.length) };
    const point = rest.codePointAt(0) ?? 0;
    return { kind: "test", source: take(this.#isUnicode && point > 0xffff ? 2 : 1) };
  }
}

/** Whether whatever matches a node has at least one character: a loop of it ends by itself. */
function takesCharacters(node: Node): boolean {
  switch (node.kind) {
    case "test":
      return true;
    case "sequence":
      return node.nodes.some(takesCharacters);
    case "either":
      return node.nodes.every(takesCharacters);
    case "loop":
      return node.least > 0 && takesCharacters(node.node);
    case "group":
      return takesCharacters(node.node);
    default:
      return false;
  }
}

/** A regular expression whose steps can be counted. */
export class SteppedRegExp {
  readonly #tree: Node;
  readonly #program: Step[] = [];
  readonly #flags: string;
  readonly #known = new Map<string, Map<string, boolean>>();
  /** Where groups begin and end matters only where one is asked for again. */
  readonly #hasReferences: boolean;
  #slots = 0;

  constructor(expression: RegExp) {
    this.#flags = expression.flags.replace(/[gyd]/g, "");
    this.#hasReferences = /\\[1-9]/.test(expression.source);
    this.#tree = new Parser(expression).parse();
    this.#compile(this.#tree, this.#program);
  }

  /** The steps of a search through the whole text, match after match; counting stops at `most`. */
  count(text: string, most: number): number {
    const steps = { left: most };
    const anchored = this.#program[0]?.op === "assert" && this.#program[0].source === "^" && !this.#flags.includes("m");
    for (let start = 0; start <= text.length && steps.left > 0; ) {
      const end = this.#run(this.#program, text, start, steps);
      if (anchored) break;
      start = end === null ? start + 1 : Math.max(end, start + 1);
    }
    return most - steps.left;
  }

  /** Texts that lead up to each of its unbounded loops. */
  leads(): string[] {
    const leads = new Set([""]);
    this.#sample(this.#tree, "", leads);
    return [...leads];
  }

  /** Characters that differ in which of its classes they are in, one for each kind. */
  characters(): string[] {
    const kinds = new Map<string, string>();
    const tests = [...new Set(this.#testsIn(this.#tree))];
    const source = tests.join("");
    const candidates = `${source} aA0_-.:;,@/\\"'=+()[]{}<>|\n\t\u00e9\u{1f600}!`;
    for (const character of new Set(candidates)) {
      const kind = tests.map((test) => (this.#isIn(test, character) ? "1" : "0")).join("");
      if (!kinds.has(kind)) kinds.set(kind, character);
    }
    return [...kinds.values()];
  }

  #testsIn(node: Node): string[] {
    if (node.kind === "test") return [node.source];
    if (node.kind === "sequence" || node.kind === "either") return node.nodes.flatMap((inner) => this.#testsIn(inner));
    return "node" in node ? this.#testsIn(node.node) : [];
  }

  #sample(node: Node, before: string, leads: Set<string>): string {
    switch (node.kind) {
      case "test":
        return before + (this.characters().find((character) => this.#isIn(node.source, character)) ?? "");
      case "sequence":
        return node.nodes.reduce((text, inner) => this.#sample(inner, text, leads), before);
      case "either": {
        const [first = before] = node.nodes.map((inner) => this.#sample(inner, before, leads));
        return first;
      }
      case "loop": {
        if (node.most === UNBOUNDED) leads.add(before);
        let text = before;
        for (let round = 0; round < Math.max(1, node.least); round += 1) text = this.#sample(node.node, text, leads);
        return text;
      }
      case "group":
        return this.#sample(node.node, before, leads);
      default:
        return before;
    }
  }

  #compile(node: Node, program: Step[]): void {
    switch (node.kind) {
      case "test":
        program.push({ op: "test", source: node.source, known: this.#knownOf(node.source) });
        break;
      case "assert":
        program.push({ op: "assert", source: node.source });
        break;
      case "again":
        program.push({ op: "again", index: node.group });
        break;
      case "group":
        if (this.#hasReferences) program.push({ op: "open", index: node.index });
        this.#compile(node.node, program);
        if (this.#hasReferences) program.push({ op: "close", index: node.index });
        break;
      case "look": {
        const inner: Step[] = [];
        this.#compile(node.node, inner);
        program.push({ op: "look", program: inner, isNegative: node.isNegative, isBehind: node.isBehind });
        break;
      }
      case "sequence":
        for (const inner of node.nodes) this.#compile(inner, program);
        break;
      case "either":
        this.#compileEither(node.nodes, program);
        break;
      case "loop":
        this.#compileLoop(node, program);
    }
  }

  #compileEither(nodes: readonly Node[], program: Step[]): void {
    const ends: { op: "jump"; to: number }[] = [];
    for (const [index, node] of nodes.entries()) {
      const isLast = index === nodes.length - 1;
      const split = { op: "split" as const, first: program.length + 1, second: 0 };
      if (!isLast) program.push(split);
      this.#compile(node, program);
      if (isLast) break;
      const end = { op: "jump" as const, to: 0 };
      ends.push(end);
      program.push(end);
      split.second = program.length;
    }
    for (const end of ends) end.to = program.length;
  }

  #compileLoop({ node, least, most, isLazy }: Node & { kind: "loop" }, program: Step[]): void {
    for (let round = 0; round < least; round += 1) this.#compile(node, program);
    const open = () => {
      const split = { op: "split" as const, first: 0, second: 0 };
      program.push(split);
      const [into, past] = isLazy ? (["second", "first"] as const) : (["first", "second"] as const);
      split[into] = program.length;
      return { split, past };
    };
    if (most === UNBOUNDED) {
      const start = program.length;
      const { split, past } = open();
      const slot = takesCharacters(node) ? null : this.#slots++;
      if (slot !== null) program.push({ op: "mark", slot });
      this.#compile(node, program);
      if (slot !== null) program.push({ op: "progress", slot });
      program.push({ op: "jump", to: start });
      split[past] = program.length;
      return;
    }
    const splits = Array.from({ length: most - least }, () => {
      const opened = open();
      this.#compile(node, program);
      return opened;
    });
    for (const { split, past } of splits) split[past] = program.length;
  }

  /** Where a match from `start` on ends, or null; uses up steps. */
  #run(program: readonly Step[], text: string, start: number, steps: { left: number }): number | null {
    const stack: [place: number, at: number, slots: ReadonlyMap<number, number>][] = [[0, start, new Map()]];
    for (let state = stack.pop(); state !== undefined; state = stack.pop()) {
      let [place, at, slots] = state;
      for (;;) {
        steps.left -= 1;
        if (steps.left <= 0) return null;
        const step = program[place];
        if (step === undefined) return at;
        place += 1;
        if (step.op === "jump") place = step.to;
        else if (step.op === "split") {
          stack.push([step.second, at, slots]);
          place = step.first;
        } else if (step.op === "mark") slots = set(slots, step.slot, at);
        else if (step.op === "progress") {
          if (slots.get(step.slot) === at) break;
        } else if (step.op === "open") slots = set(slots, OPEN + 2 * step.index, at);
        else if (step.op === "close") slots = set(slots, OPEN + 1 + 2 * step.index, at);
        else if (step.op === "again") {
          const taken = text.slice(slots.get(OPEN + 2 * step.index), slots.get(OPEN + 1 + 2 * step.index));
          if (!text.startsWith(taken, at)) break;
          at += taken.length;
        } else if (step.op === "test") {
          const character = text[at];
          if (character === undefined || !(step.known.get(character) ?? this.#isIn(step.source, character))) break;
          at += 1;
        } else if (step.op === "assert") {
          if (!this.#holds(step.source, text, at)) break;
        } else if (step.op === "look") {
          const from = step.isBehind ? at - 1 : at;
          const found = from >= 0 && this.#run(step.program, text, from, steps) !== null;
          if (found === step.isNegative) break;
        }
      }
    }
    return null;
  }

  #knownOf(source: string): Map<string, boolean> {
    const known = this.#known.get(source) ?? new Map<string, boolean>();
    this.#known.set(source, known);
    return known;
  }

  #isIn(source: string, character: string): boolean {
    const known = this.#knownOf(source);
    let is = known.get(character);
    if (is === undefined) {
      is = new RegExp(`^(?:${source})$`, this.#flags).test(character);
      known.set(character, is);
    }
    return is;
  }

  #holds(source: string, text: string, at: number): boolean {
    if (source === "^") return at === 0 || (this.#flags.includes("m") && text[at - 1] === "\n");
    if (source === "$") return at === text.length || (this.#flags.includes("m") && text[at] === "\n");
    const isWord = (place: number) => /\w/.test(text[place] ?? "");
    return (isWord(at - 1) !== isWord(at)) === (source === "\\b");
  }
}
