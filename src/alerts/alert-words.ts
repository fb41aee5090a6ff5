import { QUOTAS, sayNumber } from "../companies/quotas.ts";
import { sayDay } from "../platform/say-day.ts";
import type { Alert } from "./alert.ts";
import type { DueMessage } from "./plan-messages.ts";

/** An alert with the name of the setting that it is about. */
interface NamedAlert extends Pick<Alert, "kind" | "count" | "facts" | "subject"> {
  settingName: string | null;
}

/** What an alert says: what is wrong, and what can be done. */
export interface AlertWords {
  title: string;
  detail: string;
}

const HELD: Record<string, string> = {
  leavers: "would leave",
  emptied: "would lose the value that groups them",
  moves: "would change groups",
  group: "would leave one target group",
};

/** The words of an alert, in plain text; names of people are in none. */
export function describeAlert({ kind, count, facts, subject, settingName }: NamedAlert): AlertWords {
  const of = settingName === null ? "" : ` of ${settingName}`;
  const name = settingName ?? "This setting";
  switch (kind) {
    case "hold":
      return {
        title: `${say(count, "person waits", "people wait")} for a decision${settingName === null ? "" : ` in ${settingName}`}`,
        detail: `So many at once ${HELD[facts.holdKind ?? ""] ?? "would be changed"}, so the brake holds it until somebody releases or keeps it.`,
      };
    case "silent":
      return {
        title: `${name} has gone silent`,
        detail: `Nothing has come since ${sayTime(facts.lastAt)}; it is never that quiet. Look at the provider whether provisioning still runs there.`,
      };
    case "failing":
      return {
        title:
          settingName === null
            ? (facts.title ?? "Writes are refused")
            : `${settingName}: ${lowerFirst(facts.title ?? "writes are refused")}`,
        detail: `${say(count, "write was", "writes were")} refused (${facts.code ?? subject}). ${facts.advice ?? "Open the requests to see what was wrong."}`,
      };
    case "credential_ending":
      return {
        title: `A ${sayCredential(facts)}${of} ends on ${sayDay(facts.expiresAt ?? 0)}`,
        detail: "Make the next one, paste it into the provider, and this one can end without a request failing.",
      };
    case "credential_ended":
      return {
        title: `A ${sayCredential(facts)}${of} has ended`,
        detail: `It ended on ${sayDay(facts.expiresAt ?? 0)}. Make the next one and paste it into the provider, or revoke this one if it is not needed.`,
      };
    case "no_credential":
      return {
        title: `${name} has no credential`,
        detail:
          "Nothing can sign in to it, so nobody arrives and nobody leaves. Make a credential and paste it into the provider.",
      };
    case "quota":
      return describeQuota(facts, subject);
    case "webhook":
      return {
        title: facts.host === undefined ? "A webhook has stopped" : `The webhook to ${facts.host} has stopped`,
        detail: `${facts.reason ?? "Its receiver did not take its changes."} No change is lost; it goes on when somebody resumes it.`,
      };
  }
}

function describeQuota({ quota, used = 0, most = 0 }: Alert["facts"], subject: string): AlertWords {
  const known = Object.entries(QUOTAS).find(([name]) => name === (quota ?? subject))?.[1];
  const thing = known?.thing ?? subject;
  const title = `${sayNumber(used)} of ${sayNumber(most)} ${thing} are used`;
  const detail =
    used >= most
      ? "Nothing more can be added. Remove what is not needed, or have the operator raise the quota."
      : "When all are used, the next one is refused. Remove what is not needed, or have the operator raise the quota.";
  return { title, detail };
}

const CREDENTIALS = { token: "token", secret: "client secret", trust: "trust" };

function sayCredential({ credential = "token", lastFour = "" }: Alert["facts"]): string {
  return `${CREDENTIALS[credential]} ending in ${lastFour}`;
}

function say(count: number, one: string, many: string): string {
  return `${sayNumber(count)} ${count === 1 ? one : many}`;
}

function sayTime(time = 0): string {
  return `${sayDay(time)}, ${new Date(time).toISOString().slice(11, 16)} UTC`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Where the console shows an alert, or with none all alerts of a company. */
export function alertPath(companyId: string, alertId?: string): string {
  const all = `/console/companies/${companyId}/alerts`;
  return alertId === undefined ? all : `${all}/${alertId}`;
}

/** Alerts that one message tells one by one; of more it says how many they are. */
const MOST_TOLD = 10;

/** A message about alerts; `{origin}` stands for how its reader reaches the console. */
export function writeMessage(
  { isReminder, alerts }: Pick<DueMessage, "isReminder" | "alerts">,
  { companyId, companyName, nameOf }: { companyId: string; companyName: string; nameOf(alert: Alert): string | null },
): { subject: string; text: string } {
  const words = alerts.map((alert) => describeAlert({ ...alert, settingName: nameOf(alert) }));
  const first = words[0]?.title ?? "";
  const more = words.length - 1;
  const title = more === 0 ? first : `${first}, and ${sayNumber(more)} more`;
  const subject = `${isReminder ? "Still so: " : ""}${title} (${companyName})`;
  const shown = words
    .slice(0, MOST_TOLD)
    .map(({ title: what, detail }) => (more === 0 ? detail : `${what}\n${detail}`));
  const rest = words.length > MOST_TOLD ? [`… and ${sayNumber(words.length - MOST_TOLD)} more of the kind.`] : [];
  const link = `{origin}${alertPath(companyId, alerts.length === 1 ? alerts[0]?.id : undefined)}`;
  return { subject, text: [subject, ...shown.map((each) => `\n${each}`), ...rest, `\n${link}`].join("\n") };
}
