import { TIME_TO_BEGIN } from "../../settings/setting-health-store.ts";
import { href } from "../routes.ts";
import type { Health } from "../setting/setting-health.ts";
import { Icon } from "../views/icon.tsx";
import { countOf } from "../views/moments-and-counts.tsx";

interface JudgedSetting {
  setting: { name: string; createdAt: number };
  health: Health;
}

interface VerdictProps {
  companyId: string;
  health: readonly JudgedSetting[];
  /** The present time (ms). */
  now: number;
  /** How many things want somebody that are about no setting. */
  others: number;
  /** How many people the company has. */
  people: number;
}

/** Says in one line whether all is well in a company. */
export function HealthVerdict({ companyId, health, now, others, people }: VerdictProps) {
  const begun = health.filter((each) => isBeginning(each, now));
  const named = (tone: Health["tone"]) =>
    namesOf(health.filter((each) => each.health.tone === tone && !begun.includes(each)));
  const [bad, warn, beginning] = [named("bad"), named("warn"), namesOf(begun)];
  // Without a setting nobody leaves by themselves: that is no peace.
  const left = health.length === 0 ? people : 0;
  const tone = bad.length > 0 ? "bad" : warn.length + others + left > 0 ? "warn" : "good";
  const parts = [
    ...(bad.length > 0 ? [`${someOf(bad, health.length)} ${bad.length === 1 ? "does" : "do"} not work`] : []),
    ...(warn.length > 0 ? [`${someOf(warn, health.length)} ${warn.length === 1 ? "needs" : "need"} a look`] : []),
    ...(beginning.length > 0
      ? [`${someOf(beginning, health.length)} ${beginning.length === 1 ? "is" : "are"} being set up`]
      : []),
    ...(others > 0 ? [`${countOf(others, "other thing waits", "other things wait")} for you`] : []),
  ];
  return (
    <section class={`verdict ${tone}`} aria-labelledby="verdict-title">
      <Icon name={tone === "good" ? "done" : "warning"} size={28} />
      <div>
        <h2 id="verdict-title">{tone === "good" && beginning.length > 0 ? "Nothing is wrong" : TITLES[tone]}</h2>
        <p>
          {left > 0 && <Left companyId={companyId} people={left} />}
          {parts.length === 0 ? left === 0 && wellOf(health.length) : `${parts.join(", ")}.`}
        </p>
      </div>
    </section>
  );
}

function Left({ companyId, people }: { companyId: string; people: number }) {
  return (
    <>
      {`No SCIM setting is connected: nothing keeps ${countOf(people, "person", "people")} up to date, and nobody leaves by themselves. `}
      <a href={href("people", { companyId }, { setting: "none" })}>See who</a>{" "}
    </>
  );
}

const TITLES = { good: "All is well", warn: "Something wants a look", bad: "Something is wrong" };

/** Whether all there is to say of a setting is that it was made of late: it waits for its provider, or is in shadow. */
function isBeginning({ setting: { createdAt }, health: { reasons } }: JudgedSetting, now: number): boolean {
  const isNextStep = ({ page, state }: Health["reasons"][number]) => page !== undefined && BEGINNINGS.has(state);
  return createdAt > now - TIME_TO_BEGIN && reasons.length > 0 && reasons.every(isNextStep);
}

const BEGINNINGS = new Set<Health["reasons"][number]["state"]>(["waiting", "inShadow", "noCredential"]);

function namesOf(judged: readonly JudgedSetting[]): string[] {
  return judged.map(({ setting }) => setting.name);
}

/** One by its name, several by their number. */
function someOf(some: readonly string[], all: number): string {
  return some.length === 1 ? `“${some[0]}”` : `${some.length} of ${all} SCIM settings`;
}

function wellOf(settings: number): string {
  if (settings === 0) return "Nothing waits for you. No SCIM setting is connected.";
  return `${settings === 1 ? "The SCIM setting works" : `All ${settings} SCIM settings work`}, and nothing waits for you.`;
}
