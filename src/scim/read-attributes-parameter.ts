import { parsePath } from "./filter/attribute-path.ts";
import { matchElement } from "./filter/match-element.ts";
import { countComparisons, type Filter, MAX_FILTER_TERMS } from "./filter/parse-filter.ts";
import { findStringEnd } from "./filter/tokenize.ts";
import { foldCase } from "./fold-case.ts";
import type { Json } from "./json.ts";
import { resolveName } from "./schema/attribute-name.ts";
import type { ResourceType } from "./schema/schema.ts";
import { quote, ScimError } from "./scim-error.ts";

/** Names chosen by a client as a tree of folded keys; true stands for a whole attribute. */
export type Selection = ReadonlyMap<string, ChosenParts | true>;

/** What is chosen of an attribute: parts of all its elements, and all or parts of those that a value filter selects. */
export interface ChosenParts {
  readonly parts: Selection;
  readonly elements: readonly { readonly filter: Filter; readonly parts: Selection | true }[];
}

/** A name read: its keys from the top of the resource down, and the value filter of the attribute at `depth` of them. */
interface SelectedName {
  keys: string[];
  chosen?: { filter: Filter; depth: number };
}

interface OpenChoice extends ChosenParts {
  parts: Map<string, OpenChoice | true>;
  elements: { filter: Filter; parts: Selection | true }[];
}

/** Most names that a list of them may have: more than any URL holds. */
const MAX_WANTED = 10_000;

/**
 * Reads `attributes` or `excludedAttributes`: comma separated or a list, sub-attributes and URN-qualified names in any
 * case (RFC 7644 section 3.10); undefined where nothing is named. Names that no schema has are left out. A value filter,
 * which attribute notation has not but Microsoft's tests of endpoints send (`emails[type eq "work"]`), chooses among the
 * elements; one that cannot be read is 400.
 */
export function selectAttributes(
  types: readonly ResourceType[],
  names: string | readonly string[] | null | undefined,
): Selection | undefined {
  const wanted = listNames(names);
  if (wanted.length === 0) return undefined;
  const root: OpenChoice = { parts: new Map(), elements: [] };
  let comparisons = 0;
  for (const name of wanted)
    for (const type of types)
      for (const selected of readName(type, name)) {
        if (selected.chosen !== undefined) comparisons += countComparisons(selected.chosen.filter);
        if (comparisons > MAX_FILTER_TERMS * types.length)
          throw new ScimError(
            "invalid_parameter",
            `The value filters in attributes hold at most ${MAX_FILTER_TERMS} comparisons, and so do those in excludedAttributes.`,
          );
        choose(root, selected);
      }
  return root.parts;
}

/** What is chosen of one element: its parts, true for all of it, undefined for nothing. */
export function chosenOf(choice: ChosenParts | true | undefined, element: Json): Selection | true | undefined {
  if (choice === undefined || choice === true) return choice;
  const met = choice.elements.filter(({ filter }) => matchElement(filter, element)).map(({ parts }) => parts);
  if (met.includes(true)) return true;
  const parts = new Map([choice.parts, ...met].flatMap((selection) => (selection === true ? [] : [...selection])));
  return parts.size === 0 ? undefined : parts;
}

function listNames(names: string | readonly string[] | null | undefined): string[] {
  const list = typeof names === "string" ? readable(names, () => splitNames(names)) : [...(names ?? [])];
  if (list.length > MAX_WANTED)
    throw new ScimError(
      "invalid_parameter",
      `attributes and excludedAttributes name at most ${MAX_WANTED} attributes.`,
    );
  return list.map((name) => name.trim()).filter((name) => name !== "");
}

/** The names between commas, of which those within a value filter part none. */
function splitNames(text: string): string[] {
  if (!text.includes("[")) return text.split(",");
  const names: string[] = [];
  let start = 0;
  let isInside = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (isInside && character === '"') at = findStringEnd(text, at) - 1;
    else if (character === "[") isInside = true;
    else if (character === "]") isInside = false;
    else if (character === "," && !isInside) {
      names.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...names, text.slice(start)];
}

/** A URN nobody described may be an extension or lead to an attribute of one, so that a name can be read in two ways. */
function readName(type: ResourceType, name: string): SelectedName[] {
  if (name.includes("[")) return readValuePath(type, name);
  const resolved = resolveName(type, name);
  if (resolved.kind === "extension") return [{ keys: [foldCase(resolved.urn)] }];
  if (foldCase(name) === foldCase(type.schema.id)) return type.schema.attributes.map(({ key }) => ({ keys: [key] }));
  if (resolved.kind !== "attribute") return name.includes(":") ? [{ keys: [foldCase(name)] }] : [];
  const { extension, attribute, subAttribute } = resolved.path;
  const keys = [attribute.key, ...(subAttribute === undefined ? [] : [subAttribute.key])];
  if (extension === undefined) return [{ keys }];
  const inside = { keys: [foldCase(extension), ...keys] };
  return resolved.declared ? [inside] : [inside, { keys: [foldCase(name)] }];
}

function readValuePath(type: ResourceType, text: string): SelectedName[] {
  const head = resolveName(type, text.slice(0, text.indexOf("[")).trim());
  if (head.kind !== "attribute") return [];
  const parsed = readable(text, () => parsePath(type, text));
  if (parsed.kind !== "attribute") return [];
  const { extension, attribute, subAttribute, valueFilter } = parsed.path;
  const holder = extension === undefined ? [] : [foldCase(extension)];
  const keys = [...holder, attribute.key, ...(subAttribute === undefined ? [] : [subAttribute.key])];
  return [{ keys, ...(valueFilter !== undefined && { chosen: { filter: valueFilter, depth: holder.length + 1 } }) }];
}

/** What `read` makes of a text that was sent; what it refuses it for is told of the parameter. */
function readable<T>(text: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    throw new ScimError(
      "invalid_parameter",
      `attributes and excludedAttributes: ${quote(text)} cannot be read. ${error.detail}`,
    );
  }
}

/** Adds a name to what is chosen. */
function choose(root: OpenChoice, { keys, chosen }: SelectedName): void {
  let holder = root;
  for (const [index, key] of keys.entries()) {
    const isLast = index === keys.length - 1;
    const before = holder.parts.get(key);
    if (before === true) return;
    if (isLast && chosen === undefined) {
      holder.parts.set(key, true);
      return;
    }
    const choice: OpenChoice = before ?? { parts: new Map(), elements: [] };
    holder.parts.set(key, choice);
    if (chosen !== undefined && index === chosen.depth - 1) {
      const rest = keys.slice(index + 1);
      choice.elements.push({
        filter: chosen.filter,
        parts: rest.length === 0 || new Map(rest.map((sub) => [sub, true])),
      });
      return;
    }
    holder = choice;
  }
}
