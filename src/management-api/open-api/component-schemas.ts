import * as z from "zod";
import { CHANGE_TYPES, type ChangeType } from "../../changes/change.ts";
import { alertShape, channelShape } from "../alert-shapes.ts";
import { itemOfPage, problemShape, progressShape } from "../answer-shapes.ts";
import { CHANGE_SHAPES, changeCauseShape, subjectShape } from "../change-shapes.ts";
import { clientSecretShape, clientShape, newClientSecretShape, newClientShape, trustShape } from "../client-shapes.ts";
import { companyInFullShape, companyShape, consoleLinkShape, fieldShape, quotaShape } from "../company-shapes.ts";
import { changeShape, feedShape, headShape, logEntryInFullShape, logEntryShape, noteShape } from "../history-shapes.ts";
import { appliedShape, effectShape, holdShape } from "../hold-shapes.ts";
import {
  enrolmentInFullShape,
  enrolmentShape,
  personExportShape,
  targetUserInFullShape,
  targetUserShape,
} from "../person-shapes.ts";
import { itemsPreviewShape, previewShape } from "../preview-shapes.ts";
import { reportedItemShape } from "../progress-shapes.ts";
import { enrolmentReportShape, peopleReportShape } from "../report-shapes.ts";
import { newSettingShape, newTokenShape, settingShape, tokenShape } from "../setting-shapes.ts";
import { SNAPSHOT_LINES, snapshotLineShape } from "../snapshot-shapes.ts";
import {
  autoEnrolmentShape,
  catalogueItemShape,
  memberShape,
  reasonShape,
  targetGroupShape,
} from "../target-group-shapes.ts";
import { deliveryShape, newWebhookShape, webhookShape } from "../webhook-shapes.ts";
import type { DescribedOperation } from "./described-operation.ts";
import { exampleOf } from "./example-values.ts";
import type { JsonSchema } from "./json-schema.ts";
import { operationIdOf } from "./operation-id.ts";

/** What answers are made of, by name. Whatever is not here has the name of the operation that answers it. */
const NAMED: Record<string, z.ZodType> = {
  Problem: problemShape,
  Company: companyShape,
  CompanyInFull: companyInFullShape,
  Quota: quotaShape,
  ConsoleLink: consoleLinkShape,
  Field: fieldShape,
  ScimSetting: settingShape,
  NewScimSetting: newSettingShape,
  Token: tokenShape,
  NewToken: newTokenShape,
  OAuthClient: clientShape,
  NewOAuthClient: newClientShape,
  ClientSecret: clientSecretShape,
  NewClientSecret: newClientSecretShape,
  Trust: trustShape,
  TargetUser: targetUserShape,
  TargetUserInFull: targetUserInFullShape,
  PersonExport: personExportShape,
  Progress: progressShape,
  Enrolment: enrolmentShape,
  EnrolmentInFull: enrolmentInFullShape,
  TargetGroup: targetGroupShape,
  Member: memberShape,
  Reason: reasonShape,
  AutoEnrolment: autoEnrolmentShape,
  CatalogueItem: catalogueItemShape,
  ItemsPreview: itemsPreviewShape,
  Preview: previewShape,
  Hold: holdShape,
  HeldEffect: effectShape,
  AppliedLoss: appliedShape,
  Change: changeShape,
  ChangeCause: changeCauseShape,
  ChangeSubject: subjectShape,
  Feed: feedShape,
  FeedHead: headShape,
  SnapshotLine: snapshotLineShape,
  ...SNAPSHOT_LINES,
  EnrolmentReport: enrolmentReportShape,
  PeopleReport: peopleReportShape,
  LogEntry: logEntryShape,
  LogEntryInFull: logEntryInFullShape,
  Note: noteShape,
  Webhook: webhookShape,
  NewWebhook: newWebhookShape,
  Delivery: deliveryShape,
  Alert: alertShape,
  AlertChannel: channelShape,
  ReportedEnrolment: reportedItemShape,
  ...Object.fromEntries(CHANGE_TYPES.map((type) => [nameOfChange(type), CHANGE_SHAPES[type]])),
};

/** What the schema of a type of change is called: `user.created` is `UserCreatedChange`. */
export function nameOfChange(type: ChangeType): string {
  return `${type.replace(/(^|[._])(\w)/g, (_, _mark, letter: string) => letter.toUpperCase())}Change`;
}

/** The schemas of answers and of bodies under their names, and how an operation refers to its own. */
export interface Components {
  schemas: Record<string, JsonSchema>;
  refer(schema: z.ZodType): JsonSchema;
}

/** Names what the operations answer and take, and writes it as JSON Schema, each once. */
export function describeComponents(operations: readonly DescribedOperation[]): Components {
  const answers = new Map(Object.entries(NAMED).map(([name, schema]) => [schema, name]));
  const bodies = new Map<z.ZodType, string>();
  for (const { route, status, answer, body } of operations) {
    const id = operationIdOf(route, status);
    const title = id.charAt(0).toUpperCase() + id.slice(1);
    if (answer !== null && !answers.has(answer)) answers.set(answer, nameOfPage(answer, answers) ?? `${title}Answer`);
    if (body !== undefined && !bodies.has(body)) bodies.set(body, `${title}Body`);
  }
  const printed = { ...print(answers, "output"), ...print(bodies, "input"), Change: describeChange() };
  const schemas = { ...printed, ...describeTypes(printed) };
  return {
    schemas,
    refer: (schema) => ({ $ref: addressOf(answers.get(schema) ?? bodies.get(schema) ?? "") }),
  };
}

function nameOfPage(answer: z.ZodType, names: ReadonlyMap<z.ZodType, string>): string | undefined {
  const item = itemOfPage(answer);
  const name = item === undefined ? undefined : names.get(item);
  return name === undefined ? undefined : `${name}Page`;
}

function addressOf(name: string): string {
  return `#/components/schemas/${name}`;
}

/** An entry is one of the types that it names; a reader skips those it does not know. */
function describeChange(): JsonSchema {
  const refs = CHANGE_TYPES.map((type) => [type, addressOf(nameOfChange(type))] as const);
  return {
    description:
      "An entry of the change feed, as webhooks send it too. More types may follow: skip those you do not know.",
    oneOf: refs.map(([, $ref]) => ({ $ref })),
    discriminator: { propertyName: "type", mapping: Object.fromEntries(refs) },
  };
}

/** The schema of each type of change with an example of its own. */
function describeTypes(schemas: Record<string, JsonSchema>): Record<string, JsonSchema> {
  const described = CHANGE_TYPES.map((type) => {
    const name = nameOfChange(type);
    const schema = schemas[name] ?? {};
    // An entry of the feed is an object.
    const example = exampleOf(schema, schemas) as Record<string, unknown>;
    const subject = { kind: kindOfSubject(type), id: example.id };
    return [name, { ...schema, examples: [{ ...example, subject }] }] satisfies [string, JsonSchema];
  });
  return Object.fromEntries(described);
}

/** What a type of change is about: as a rule the word that it begins with. */
function kindOfSubject(type: ChangeType): string {
  const [word = ""] = type.split(".");
  return word === "member" ? "user" : word === "auto_enrolments" ? "group" : word;
}

function print(named: ReadonlyMap<z.ZodType, string>, io: "input" | "output"): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [schema, id] of named) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    ...{ io, unrepresentable: "any", target: "draft-2020-12" },
    uri: addressOf,
    // What is answered may get more members: a reader who is strict about them would break.
    override: ({ jsonSchema }) => {
      if (io === "output" && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema: _dialect, $id: _id, id: _name, ...schema }]) => [name, schema]),
  );
}

/** A query as JSON Schema. */
export function describeQuery(query: z.ZodObject): JsonSchema {
  return z.toJSONSchema(query, { io: "input", unrepresentable: "any", target: "draft-2020-12" });
}
