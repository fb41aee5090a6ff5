import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PRESENT_FORM } from "../../src/platform/stored-row-forms.ts";
import { checkInvariants } from "../torture/check-state.ts";
import { Judge } from "../torture/wire-client.ts";
import { type Release, TwoReleases } from "./two-releases.ts";
import { UpgradedCompany } from "./upgraded-company.ts";

/** How large an upgrade is played: connections at once, people of each, changes of each in every phase. */
interface UpgradeSize {
  lanes: number;
  people: number;
  changes: number;
}

/** What an upgrade showed. */
interface UpgradeReport {
  /** What went wrong, in words; empty when nothing did. */
  problems: string[];
  requests: number;
}

/** How often both releases change one person at the same moment; far fewer showed a fence that was taken out. */
const RACES = 30;
const MOST_SWEEPS = 1_000;
/** How long the schedule waits until it runs again (ms); on the platform a minute. */
const BETWEEN_SWEEPS = 50;
const MIGRATING = "the release of before, while the migrations come";

/**
 * Upgrades a filled release under load, and back and forth: its Worker while the migrations come, both Workers at once, the
 * new one alone until all rows are in the present form, the old one once more on the newest schema, and the new one again.
 */
export async function upgrade(version: string, { lanes, people, changes }: UpgradeSize): Promise<UpgradeReport> {
  const persist = mkdtempSync(join(tmpdir(), "rollcall-upgrade-"));
  const releases = await TwoReleases.start(version, persist);
  const judge = new Judge();
  const company = new UpgradedCompany(releases, judge);
  const alternate = (lane: number): Release => (lane % 2 === 0 ? "now" : "before");
  const phases: [string, (lane: number) => Release, () => Promise<void>][] = [
    [MIGRATING, () => "before", () => releases.migrate()],
    ["both releases at once", alternate, async () => {}],
    ["the new release, while old rows are stored anew", () => "now", () => renew(releases, judge)],
    ["the release of before on the newest schema", () => "before", async () => {}],
    ["both releases at once, once more", alternate, async () => {}],
    ["the new release again", () => "now", () => renew(releases, judge)],
  ];
  try {
    await company.fill({ lanes, people });
    for (const [name, through, meanwhile] of phases) {
      judge.round = name;
      await Promise.all([company.work(changes, through), meanwhile()]);
      if (through === alternate) {
        await company.race(RACES, through);
        await company.comeAndGo();
      }
      await checkInvariants(releases, judge);
      // As many moves within an hour would be held by the brake, which the release of before has not.
      if (name === MIGRATING) await company.announceMoves();
    }
    judge.round = "the end";
    await company.compareAll("now");
    await company.compareTargets();
    await company.compareAll("before");
    await company.compareFeeds();
  } finally {
    await releases.stop();
    rmSync(persist, { recursive: true, force: true });
  }
  return { problems: judge.problems.map(({ round, what }) => `${round}: ${what}`), requests: judge.requests };
}

/** Runs the schedule until all companies' rows are in the present form. */
async function renew(releases: TwoReleases, judge: Judge): Promise<void> {
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep += 1) {
    await releases.runCron();
    const waiting = await releases.rows(
      "SELECT stored_form AS form FROM companies WHERE stored_form < ?",
      PRESENT_FORM,
    );
    if (waiting.length === 0) return;
    // The object goes on by itself between two runs of the schedule; only one that stands still is waited for in vain.
    await sleep(BETWEEN_SWEEPS);
  }
  judge.report(`rows of before are not stored anew after ${MOST_SWEEPS} runs of the schedule`);
}
