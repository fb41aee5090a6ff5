/** A quota that a company has by default, and between what the operator may set it. */
interface QuotaRule {
  readonly usual: number;
  readonly least: number;
  readonly most: number;
  /** What is counted, for people; `number` in front. */
  readonly thing: string;
}

/**
 * How much a company may have. Two are sizes: the stored text of one user (bytes, its document and custom fields), and the
 * values in the body of one request. Their `most` is what an isolate's 128 MB hold: a page has 100 users uncut, and each
 * value takes many times its text. The others are numbers; credentials are the live ones of one SCIM setting.
 */
export const QUOTAS = {
  textPerUser: { usual: 65_536, least: 4_096, most: 131_072, thing: "bytes of stored text for each user" },
  valuesPerBody: { usual: 1_000_000, least: 10_000, most: 1_000_000, thing: "values in the body of a request" },
  people: { usual: 200_000, least: 0, most: 10_000_000, thing: "people" },
  credentialsPerSetting: { usual: 20, least: 1, most: 200, thing: "live credentials in each SCIM setting" },
  settings: { usual: 20, least: 0, most: 200, thing: "SCIM settings" },
  fields: { usual: 50, least: 0, most: 200, thing: "custom fields" },
  webhooks: { usual: 20, least: 0, most: 200, thing: "webhooks" },
} as const satisfies Record<string, QuotaRule>;

/** The name of a quota. */
export type QuotaName = keyof typeof QUOTAS;

/** The names of all quotas, in the order in which they are shown. */
export const QUOTA_NAMES = Object.keys(QUOTAS) as QuotaName[]; // the keys of the table

/** What a company may have of each. */
export type Quotas = Record<QuotaName, number>;

/** The quotas that the operator has set for a company. */
export type OwnQuotas = Partial<Quotas>;

/** How much of its quotas a company uses; of credentials the setting with the most counts. Sizes are not added up. */
export type QuotaUsage = Record<Exclude<QuotaName, "textPerUser" | "valuesPerBody">, number>;

/** How a quota stands: `near` from 80 % on, `reached` when nothing can be added. */
export interface QuotaState {
  name: QuotaName;
  limit: number;
  /** Null for a size, which each request is judged by. */
  used: number | null;
  state: "free" | "near" | "reached";
}

/** The quotas in force, from those that were set for the company. */
export function quotasOf(own: OwnQuotas | null): Quotas {
  const limit = (name: QuotaName) => own?.[name] ?? QUOTAS[name].usual;
  // Each name comes with its limit.
  return Object.fromEntries(QUOTA_NAMES.map((name) => [name, limit(name)])) as Quotas;
}

/** From which part of a quota on a company is told. */
const NEAR = 0.8;

/** Whether so much of a quota is used that it is told. */
export function isNear(used: number, limit: number): boolean {
  return used >= NEAR * limit;
}

/** How each quota of a company stands. */
export function quotaStates({ quotas, usage }: { quotas: Quotas; usage: QuotaUsage }): QuotaState[] {
  return QUOTA_NAMES.map((name) => {
    const limit = quotas[name];
    const used = isCounted(name) ? usage[name] : null;
    const state = used === null || !isNear(used, limit) ? "free" : used < limit ? "near" : "reached";
    return { name, limit, used, state };
  });
}

function isCounted(name: QuotaName): name is keyof QuotaUsage {
  return name !== "textPerUser" && name !== "valuesPerBody";
}

/** Why nothing more can be added, as a sentence. */
export function describeReached(name: keyof QuotaUsage, limit: number): string {
  return `This company may have at most ${sayNumber(limit)} ${QUOTAS[name].thing}, and has them. Nothing was added: remove some that are not needed, or have the operator raise the quota.`;
}

/** Why a body is refused, as a sentence. */
export function describeTooManyValues(values: number, limit: number): string {
  return `The request body holds ${sayNumber(values)} values, and this company may have at most ${sayNumber(limit)} ${QUOTAS.valuesPerBody.thing}. Nothing was changed: send fewer members or operations at once.`;
}

/** A number with its thousands parted. */
export function sayNumber(number: number): string {
  return number.toLocaleString("en");
}
