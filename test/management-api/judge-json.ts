/** A schema of the document, read freely. */
export interface Schema {
  examples?: unknown[];
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
  discriminator?: { propertyName: string; mapping: Record<string, string> };
}

/** The document that the schemas refer to, as far as they do. */
export interface Document {
  components: { schemas: Record<string, Schema> };
}

const FORMATS: Record<string, (text: string) => boolean> = {
  "date-time": (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text),
  uri: (text) => URL.canParse(text),
};

/**
 * What of a value does not fit a schema of a document, each by its pointer. Members that the schema does not name do not fit
 * either, open as it is for readers: whatever is answered is documented.
 */
export function judgeJson(document: Document, schema: Schema, value: unknown, at = ""): string[] {
  if (schema.$ref !== undefined) return judgeJson(document, follow(document, schema.$ref), value, at);
  if (schema.discriminator !== undefined) {
    const { propertyName, mapping } = schema.discriminator;
    const kind = isObject(value) ? value[propertyName] : undefined;
    const target = typeof kind === "string" ? mapping[kind] : undefined;
    if (target === undefined) return [`${at}: ${propertyName} ${String(kind)} is of no known type`];
    return judgeJson(document, { $ref: target }, value, at);
  }
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices !== undefined) {
    const faults = choices.map((choice) => judgeJson(document, choice, value, at));
    return faults.some((found) => found.length === 0) ? [] : [`${at}: fits no choice: ${faults.flat().join("; ")}`];
  }
  const ofAll = (schema.allOf ?? []).flatMap((part) => judgeJson(document, part, value, at));
  return [...ofAll, ...judgeType(document, schema, value, at)];
}

function follow({ components }: Document, address: string): Schema {
  const found = components.schemas[address.replace("#/components/schemas/", "")];
  if (found === undefined) throw new Error(`nothing is at ${address}`);
  return found;
}

function judgeType(document: Document, schema: Schema, value: unknown, at: string): string[] {
  if (schema.const !== undefined) return value === schema.const ? [] : [`${at}: is not ${String(schema.const)}`];
  if (schema.enum !== undefined && !schema.enum.includes(value))
    return [`${at}: ${String(value)} is none of its values`];
  if (Array.isArray(schema.type)) {
    const faults = schema.type.map((type) => judgeType(document, { ...schema, type }, value, at));
    return faults.some((found) => found.length === 0) ? [] : faults.flat();
  }
  switch (schema.type) {
    case "object":
      return isObject(value) ? judgeObject(document, schema, value, at) : [`${at}: is no object`];
    case "array":
      if (!Array.isArray(value)) return [`${at}: is no array`];
      if (value.length < (schema.minItems ?? 0)) return [`${at}: has too few items`];
      return value.flatMap((item, index) => judgeJson(document, schema.items ?? {}, item, `${at}/${index}`));
    case "string":
      return typeof value === "string" ? judgeText(schema, value, at) : [`${at}: is no string`];
    case "integer":
    case "number":
      if (typeof value !== "number" || (schema.type === "integer" && !Number.isInteger(value)))
        return [`${at}: is no ${schema.type}`];
      return value < (schema.minimum ?? value) || value > (schema.maximum ?? value) ? [`${at}: is out of range`] : [];
    case "boolean":
      return typeof value === "boolean" ? [] : [`${at}: is no boolean`];
    case "null":
      return value === null ? [] : [`${at}: is not null`];
    default:
      return [];
  }
}

const patterns = new Map<string, RegExp>();

function compiled(pattern: string): RegExp {
  const known = patterns.get(pattern) ?? new RegExp(pattern, "u");
  patterns.set(pattern, known);
  return known;
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}

function judgeText({ format = "", pattern, minLength = 0, maxLength }: Schema, text: string, at: string): string[] {
  const isOf = FORMATS[format];
  const fits =
    (isOf === undefined || isOf(text)) &&
    (pattern === undefined || compiled(pattern).test(text)) &&
    // No text has more characters than units, nor less than half of them.
    (text.length >= minLength * 2 || lengthOf(text) >= minLength) &&
    (maxLength === undefined || text.length <= maxLength || lengthOf(text) <= maxLength);
  return fits ? [] : [`${at}: ${JSON.stringify(text)} is not of its form`];
}

function judgeObject(document: Document, schema: Schema, value: Record<string, unknown>, at: string): string[] {
  const { properties = {}, required = [], additionalProperties } = schema;
  const missing = required.filter((name) => !Object.hasOwn(value, name)).map((name) => `${at}/${name}: is missing`);
  const isFree = schema.properties === undefined && additionalProperties === undefined;
  const inner = Object.entries(value).flatMap(([name, member]) => {
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (known !== undefined) return judgeJson(document, known, member, `${at}/${name}`);
    if (typeof additionalProperties === "object")
      return judgeJson(document, additionalProperties, member, `${at}/${name}`);
    return isFree ? [] : [`${at}/${name}: is not described`];
  });
  return [...missing, ...inner];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
