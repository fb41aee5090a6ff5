import { type Alert, earliest, type Finding, type Verdict } from "../alerts/alert.ts";
import { alertPath, describeAlert } from "../alerts/alert-words.ts";
import { codesAlerted, FORGOTTEN, judgeFailing } from "../alerts/failing-write.ts";
import { judgeCredentials } from "../alerts/judge-credentials.ts";
import { judgeHolds, judgeQuotas, judgeWebhooks, type UsedQuota } from "../alerts/judge-holds-quotas-webhooks.ts";
import { judgeSilence } from "../alerts/judge-silence.ts";
import { openAndCloseAlerts } from "../alerts/open-and-close-alerts.ts";
import { writesOfHour } from "../alerts/setting-traffic.ts";
import { explainCode } from "../log/explain-request.ts";
import type { CompanyConfig, SettingState } from "../unit/company-config.ts";
import type { Rows } from "../unit/loaded-and-changed-rows.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import { isLiveRow } from "./configure-tokens.ts";
import { countTrafficAndRefusedWrites, type NameSource } from "./count-traffic-and-refused-writes.ts";
import type { WriteResult } from "./operation.ts";
import type { QueuedRequest } from "./run-requests.ts";
import { writeDueMessages } from "./write-due-messages.ts";

/** What one rule says, and of which alerts it speaks. */
interface Judgement extends Verdict {
  isJudged(alert: Alert): boolean;
}

/**
 * Opens and closes the alerts of what a commit makes so, in that commit, when all its operations have run. Rules that only
 * time decides are asked in a review, which the company's alarm asks for.
 */
export async function updateAlerts(
  unit: UnitOfWork,
  requests: readonly QueuedRequest[],
  results: readonly (WriteResult | null)[],
  names: NameSource,
): Promise<void> {
  const kinds = new Set(requests.map(({ operation }) => operation.kind));
  if (unit.config.deleted || kinds.has("deleteCompany")) return;
  const isReview = kinds.has("reviewAlerts");
  recordUses(unit);
  await countTrafficAndRefusedWrites(unit, requests, results, names);
  if (isReview) forgetOld(unit);
  const judgements = judge(unit, isReview);
  const requestId = requests.at(-1)?.cause.requestId ?? "";
  const isChanged = apply(unit, judgements, requestId);
  const messagesAt = isReview || isChanged ? writeDueMessages(unit, isReview) : null;
  planNextReview(unit, isReview, [...judgements.map(({ nextAt }) => nextAt), messagesAt]);
}

/** Where the number of people is told, whatever changes it may end that. */
export function foreseeAlerts({ config, people }: UnitOfWork): void {
  if (living(config.alerts).some(({ kind, subject }) => kind === "quota" && subject === "people")) people.want("all");
}

/** Keeps what a commit changed for the commits after it. */
export function carryOnAlerts(config: CompanyConfig, unit: UnitOfWork): void {
  carryOn(config.alerts, unit.alerts);
  carryOn(config.failingWrites, unit.failingWrites);
  carryOn(config.traffic, unit.traffic);
  carryOn(config.tokens, unit.tokens);
}

function carryOn<K extends string | number, V>(known: Map<K, V>, rows: Rows<K, V>): void {
  for (const { key, after } of rows.differences())
    if (after === undefined) known.delete(key);
    else known.set(key, after);
}

/** A credential that is used for the first time may end the worry about an older one. */
function recordUses({ logEntries, tokens, now }: UnitOfWork): void {
  for (const { tokenId, status } of logEntries) {
    const row = tokenId === null ? undefined : tokens.get(tokenId);
    if (tokenId !== null && row?.lastUsedAt === null && status !== 401)
      tokens.set(tokenId, { ...row, lastUsedAt: now });
  }
}

function forgetOld({ failingWrites, now }: UnitOfWork): void {
  for (const [key, { lastAt }] of failingWrites.entries())
    if (lastAt + FORGOTTEN <= now) failingWrites.set(key, undefined);
}

/** What the rules say that may say something else since the commit before. */
function judge(unit: UnitOfWork, isReview: boolean): Judgement[] {
  const hasChanged = (...rows: { differences(): readonly unknown[] }[]) =>
    isReview || rows.some((each) => each.differences().length > 0);
  const { tokens, settingStates, webhooks, ownFields, quotas, holds, failingWrites, traffic } = unit;
  const isHeard = traffic.differences().length > 0;
  // The part that failed is known once enough was written, be it accepted.
  const isCounted = isHeard && failingWrites.entries().size > 0;
  return [
    ...(hasChanged(tokens, settingStates) ? [credentials(unit)] : []),
    ...(hasChanged(holds) ? [openHolds(unit)] : []),
    ...(isHeard || hasChanged(settingStates) ? [silence(unit)] : []),
    ...(isCounted || hasChanged(failingWrites, settingStates) ? [failing(unit)] : []),
    ...(hasChanged(tokens, settingStates, webhooks, ownFields, quotas) || unit.people.knows("all")
      ? [usedQuotas(unit)]
      : []),
    ...(hasChanged(webhooks) ? [stoppedWebhooks(unit)] : []),
  ];
}

function living(alerts: ReadonlyMap<string, Alert>): Alert[] {
  return [...alerts.values()].filter(({ closedAt }) => closedAt === null);
}

function ofKinds(...kinds: readonly Alert["kind"][]): (alert: Alert) => boolean {
  return ({ kind }) => kinds.includes(kind);
}

function credentials({ settingStates, tokens, now }: UnitOfWork): Judgement {
  const bySetting = Map.groupBy(tokens.entries(), ([, { settingKey }]) => settingKey);
  const settings = [...settingStates.entries()].map(([key, state]) => ({
    ...{ key, ...state },
    credentials: (bySetting.get(key) ?? []).map(([id, row]) => ({ id, ...row })),
  }));
  const isJudged = ofKinds("credential_ending", "credential_ended", "no_credential");
  return { ...judgeCredentials(settings, now), isJudged };
}

function openHolds({ holds, now }: UnitOfWork): Judgement {
  const open = [...holds.entries().values()].filter(({ status }) => status === "open");
  return { ...judgeHolds(open, now), isJudged: ofKinds("hold") };
}

function silence({ settingStates, traffic, now }: UnitOfWork): Judgement {
  const settings = [...settingStates.entries()].map(([key, state]) => ({
    ...{ key, isLive: isInUse(state) },
    traffic: traffic.get(key),
  }));
  return { ...judgeSilence(settings, now), isJudged: ofKinds("silent") };
}

function isInUse({ status }: SettingState): boolean {
  return status !== "paused" && status !== "deleted";
}

function failing({ settingStates, failingWrites, traffic, alerts, now }: UnitOfWork): Judgement {
  const bySetting = Map.groupBy(failingWrites.entries().values(), ({ settingKey }) => settingKey);
  const open = living(alerts.entries());
  const verdicts = [...bySetting].map(([settingKey, rows]) => {
    const used = traffic.get(settingKey);
    const writes = used === undefined ? 0 : writesOfHour(used, now);
    const isLive = settingStates.get(settingKey)?.status !== "deleted";
    const facts = { settingKey, rows: isLive ? rows : [], writes, alerted: codesAlerted(open, settingKey) };
    return judgeFailing(facts, now);
  });
  const found = verdicts.flatMap((verdict) => verdict.found).map(inWords);
  return { found, nextAt: earliest(verdicts.map(({ nextAt }) => nextAt)), isJudged: ofKinds("failing") };
}

/** Why writes are refused with a code, and what to do about it, as the log says it. */
function inWords(finding: Finding): Finding {
  const { title, advice } = explainCode(finding.subject);
  return { ...finding, facts: { ...finding.facts, title, advice } };
}

function usedQuotas(unit: UnitOfWork): Judgement {
  const { settingStates, tokens, ownFields, webhooks, people, now } = unit;
  const limits = unit.quotas.get("all") ?? unit.config.quotas;
  const settings = [...settingStates.entries()].filter(([, { status }]) => status !== "deleted").map(([key]) => key);
  const live = [...tokens.entries().values()].filter((row) => isLiveRow(row, now));
  const perSetting = settings.map((key) => live.filter(({ settingKey }) => settingKey === key).length);
  const used: Omit<UsedQuota, "limit">[] = [
    { name: "settings", used: settings.length },
    { name: "credentialsPerSetting", used: Math.max(0, ...perSetting) },
    { name: "fields", used: ownFields.entries().size },
    { name: "webhooks", used: webhooks.entries().size },
    ...(people.knows("all") ? [{ name: "people" as const, used: people.get("all") ?? 0 }] : []),
  ];
  const judged = new Set<string>(used.map(({ name }) => name));
  const verdict = judgeQuotas(
    used.map((quota) => ({ ...quota, limit: limits[quota.name] })),
    now,
  );
  return { ...verdict, isJudged: ({ kind, subject }) => kind === "quota" && judged.has(subject) };
}

function stoppedWebhooks({ webhooks, now }: UnitOfWork): Judgement {
  const all = [...webhooks.entries()].map(([id, row]) => ({ id, ...row }));
  return { ...judgeWebhooks(all, now), isJudged: ofKinds("webhook") };
}

/** Brings the alerts to what was found, and puts openings and closings into the feed; whether there were any. */
function apply(unit: UnitOfWork, judgements: readonly Judgement[], requestId: string): boolean {
  const { opened, changed, closed } = openAndCloseAlerts({
    known: unit.alerts.entries().values(),
    findings: judgements.flatMap(({ found }) => found),
    isJudged: (alert) => judgements.some(({ isJudged }) => isJudged(alert)),
    now: unit.now,
    makeId: () => unit.allocateId(),
  });
  for (const alert of [...opened, ...changed, ...closed]) unit.alerts.set(alert.id, alert);
  for (const alert of opened) announce(unit, "alert.opened", alert, requestId);
  for (const alert of closed) announce(unit, "alert.closed", alert, requestId);
  return opened.length + closed.length > 0;
}

function announce(unit: UnitOfWork, type: "alert.opened" | "alert.closed", alert: Alert, requestId: string): void {
  const { config, now } = unit;
  const setting = alert.settingKey === null ? undefined : config.settingsByKey.get(alert.settingKey);
  const { title, detail } = describeAlert({ ...alert, settingName: setting?.name ?? null });
  const cause = { requestId: alert.facts.requestIds?.at(-1) ?? requestId, actor: "system" as const };
  unit.announce({
    ...{ type, subject: { kind: "alert", id: alert.id }, userId: null, rule: null, time: now },
    data: {
      ...{ kind: alert.kind, settingId: setting?.id ?? null, title, detail, count: alert.count },
      link: alertPath(config.companyId, alert.id),
    },
    cause: { ...cause, settingId: setting?.id ?? null, provider: setting?.provider ?? null },
  });
}

/** When the company is to be looked at again: at the earliest time that a rule named, and not before, however much happens. */
function planNextReview(unit: UnitOfWork, isReview: boolean, times: readonly (number | null)[]): void {
  const { config } = unit;
  const nextAt = earliest(times);
  const before = config.alertsDueAt;
  const after = isReview ? nextAt : earliest([before, nextAt]);
  if (after === before) return;
  unit.alertsDueAt = after;
  // The alarm that asks for a review knows when the next one is.
  if (!isReview) unit.startsTerm = true;
}
