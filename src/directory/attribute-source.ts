import { rawSql, type Sql, sql } from "../platform/sql.ts";
import { foldCase } from "../scim/fold-case.ts";
import type { ResolvedPath } from "../scim/schema/attribute-name.ts";
import type { Attribute } from "../scim/schema/schema.ts";
import { RESOURCE_TABLES, type ResourceName } from "./resource-tables.ts";

/** What a filter or sort is compiled for. */
export interface FilterContext {
  type: ResourceName;
  settingKey: number;
  /** The base URL that `meta.location` and `$ref` are built on. */
  baseUrl: string;
}

/** Which renderings of a document a condition reads: as sent, folded, or both. */
export interface Renderings {
  exact: boolean;
  folded: boolean;
}

/** Where the values of an attribute come from, as SQL over the row's alias. */
export interface AttributeSource {
  /** The FROM clause that gives its elements, one row each; absent when it has one value at most. */
  from?(renderings: Renderings): Sql;
  /** The order of its elements, the primary one first; only with `from`. */
  order?(exact: boolean): Sql;
  /** Whether an element that `from` gives is one, with something in it; absent where all are. */
  element?: Sql;
  /** Whether the attribute of a row has anything at all. */
  there: Sql;
  /** The value, or that of a sub-attribute: folded unless caseExact, NULL when there is none. */
  value(sub: Attribute | undefined): Sql;
}

/** The source of the values of `path` for rows of the context's type. */
export function sourceOf(context: FilterContext, path: ResolvedPath): AttributeSource {
  if (path.attribute.open) return openSource(context, path);
  if (path.extension === undefined) {
    const name = path.attribute.name;
    if (name === "meta") return metaSource(context);
    if (name === "id") return { there: rawSql("TRUE"), value: () => rawSql(`${aliasOf(context)}.id`) };
    if (name === "schemas") return schemasSource(context);
    if (name === RELATED[context.type].attribute) return relatedSource(context);
    // What cannot be taken away is a column too: documents of before that was so may lack it.
    if (path.attribute.lasting && context.type === "User")
      return { there: rawSql("TRUE"), value: () => rawSql(`${aliasOf(context)}.${name}`) };
  }
  return path.attribute.multiValued ? elementSource(context, path) : singleSource(context, path);
}

/** A row's document folded: strings and names in lower case (see the migration for when folded_document is NULL). */
function foldedDocument(alias: string): string {
  return `coalesce(${alias}.folded_document, lower(${alias}.document))`;
}

/** Whether the values of an attribute are compared as sent. */
export function isExact(attribute: Attribute): boolean {
  return attribute.caseExact && !attribute.open;
}

function aliasOf(context: FilterContext): string {
  return RESOURCE_TABLES[context.type].alias;
}

function documentOf(context: FilterContext, exact: boolean): Sql {
  return rawSql(exact ? `${aliasOf(context)}.document` : foldedDocument(aliasOf(context)));
}

/** The JSON path of names; those of attributes hold no quotes (the grammar of RFC 7644 has none). */
function jsonPath(names: readonly string[]): string {
  return `$${names.map((name) => `."${name}"`).join("")}`;
}

function pathTo({ extension, attribute }: ResolvedPath, sub: Attribute | undefined, exact: boolean): string {
  const names = [
    ...(extension === undefined ? [] : [extension]),
    attribute.name,
    ...(sub === undefined ? [] : [sub.name]),
  ];
  return jsonPath(exact ? names : names.map(foldCase));
}

function singleSource(context: FilterContext, path: ResolvedPath): AttributeSource {
  return {
    there: sql`json_type(${documentOf(context, true)}, ${pathTo(path, undefined, true)}) IS NOT NULL`,
    value: (sub) => {
      const exact = isExact(sub ?? path.attribute);
      return sql`json_extract(${documentOf(context, exact)}, ${pathTo(path, sub, exact)})`;
    },
  };
}

function elementSource(context: FilterContext, path: ResolvedPath): AttributeSource {
  const exact = sql`json_each(${documentOf(context, true)}, ${pathTo(path, undefined, true)}) e`;
  const folded = sql`json_each(${documentOf(context, false)}, ${pathTo(path, undefined, false)}) f`;
  return {
    from: (renderings) => {
      if (renderings.exact && renderings.folded) return sql`${exact} JOIN ${folded} ON f.key = e.key`;
      return renderings.exact ? exact : folded;
    },
    order: (isExactOrder) => rawSql(isExactOrder ? primaryFirst("e") : primaryFirst("f")),
    there: sql`EXISTS (SELECT 1 FROM ${folded})`,
    value: (sub) => {
      const own = sub ?? path.attribute;
      const alias = rawSql(isExact(own) ? "e" : "f");
      if (sub === undefined) return sql`${alias}.value`;
      const at = jsonPath([isExact(own) ? sub.name : sub.key]);
      return sql`CASE ${alias}.type WHEN 'object' THEN json_extract(${alias}.value, ${at}) END`;
    },
  };
}

function primaryFirst(alias: "e" | "f"): string {
  return `(CASE ${alias}.type WHEN 'object' THEN json_extract(${alias}.value, '$.primary') END) IS 1 DESC, ${alias}.key`;
}

/**
 * An attribute that no schema describes: found in any case; an array counts as several values, an object as its `value`,
 * numbers and booleans as their JSON text (rule 2 of Filter).
 */
function openSource(context: FilterContext, path: ResolvedPath): AttributeSource {
  const document = documentOf(context, false);
  const at = pathTo(path, undefined, false);
  const list = sql`CASE json_type(${document}, ${at}) WHEN 'array' THEN json_extract(${document}, ${at})
    ELSE json_array(json(${document} -> ${at})) END`;
  const from = sql`json_each(${list}) f`;
  return {
    from: () => from,
    order: () => rawSql(primaryFirst("f")),
    element: rawSql(
      `CASE f.type WHEN 'null' THEN 0 WHEN 'object' THEN f.value <> '{}' WHEN 'array' THEN f.value <> '[]' ELSE 1 END`,
    ),
    there: sql`json_type(${document}, ${at}) IS NOT NULL`,
    value: (sub) => {
      if (sub === undefined) return rawSql(OPEN_VALUE);
      const inner = jsonPath([sub.key]);
      // A simple value of a list is its own `value`.
      return sql`CASE WHEN f.type <> 'object' THEN ${rawSql(sub.key === "value" ? OPEN_VALUE : "NULL")} ELSE CASE json_type(f.value, ${inner})
        WHEN 'text' THEN json_extract(f.value, ${inner}) WHEN 'object' THEN NULL WHEN 'array' THEN NULL WHEN 'null' THEN NULL
        ELSE f.value -> ${inner} END END`;
    },
  };
}

const OPEN_VALUE = `CASE WHEN f.type = 'text' THEN f.value WHEN f.type IN ('object', 'array', 'null') THEN NULL
  ELSE f.json -> f.fullkey END`;

function metaSource(context: FilterContext): AttributeSource {
  const alias = aliasOf(context);
  const columns: Record<string, Sql> = {
    resourceType: sql`${context.type}`,
    created: rawSql(`${alias}.created_at`),
    lastModified: rawSql(`${alias}.updated_at`),
    location: sql`(${`${context.baseUrl}/${context.type}s/`} || ${rawSql(alias)}.id)`,
    version: rawSql(`('W/"' || ${alias}.version || '"')`),
  };
  return { there: rawSql("TRUE"), value: (sub) => columns[sub?.name ?? ""] ?? rawSql("NULL") };
}

/** The schemas of a resource: its type's own, and the URN of every extension object in its document. */
function schemasSource(context: FilterContext): AttributeSource {
  const own = sql`${`urn:ietf:params:scim:schemas:core:2.0:${context.type}`}`;
  const document = documentOf(context, true);
  const from = sql`(SELECT ${own} AS value UNION ALL
    SELECT key FROM json_each(${document}) WHERE instr(key, ':') > 0 AND type = 'object') e`;
  return { from: () => from, order: () => rawSql("e.value"), there: rawSql("TRUE"), value: () => rawSql("e.value") };
}

/** A name that is a column too, folded as in the document: a group has many members, and their documents are long. */
function foldedName(column: string, name: string): string {
  return `CASE WHEN x.folded_document IS NULL THEN lower(x.${column}) ELSE json_extract(x.folded_document, '$.${name}') END`;
}

const FOLDED_NAME = foldedName("display_name", "displayname");
const FOLDED_USER_NAME = foldedName("user_name", "username");

/** The attribute of each type whose elements are rows of their own; `type` is folded, as its sub-attribute compares. */
const RELATED: Record<ResourceName, { attribute: string; rows: string }> = {
  User: {
    attribute: "groups",
    rows: `SELECT x.id AS value, 'direct' AS type, '/Groups/' AS endpoint, ${FOLDED_NAME} AS display
      FROM group_members m JOIN groups x ON x.group_key = m.group_key WHERE m.user_key = u.user_key`,
  },
  Group: {
    attribute: "members",
    rows: `SELECT x.id AS value, 'user' AS type, '/Users/' AS endpoint, coalesce(${FOLDED_NAME}, ${FOLDED_USER_NAME}) AS display
      FROM group_members m JOIN users x ON x.user_key = m.user_key WHERE m.group_key = g.group_key
      UNION ALL SELECT x.id, 'group', '/Groups/', ${FOLDED_NAME}
      FROM group_subgroups m JOIN groups x ON x.group_key = m.subgroup_key WHERE m.group_key = g.group_key`,
  },
};

function relatedSource(context: FilterContext): AttributeSource {
  const from = rawSql(`(${RELATED[context.type].rows}) e`);
  return {
    from: () => from,
    order: () => rawSql("e.value"),
    there: sql`EXISTS (SELECT 1 FROM ${from})`,
    value: (sub) => {
      if (sub?.name === "$ref") return sql`(${context.baseUrl} || e.endpoint || e.value)`;
      return rawSql(sub === undefined || sub.name === "value" ? "e.value" : `e.${sub.name}`);
    },
  };
}
