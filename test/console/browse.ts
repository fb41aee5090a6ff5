import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, chromium, type Page } from "playwright-core";
import { expect } from "vitest";
import { findChromium } from "../tools/chromium.ts";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Starts a Chromium; says how to get one when there is none. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null)
    throw new Error(
      "No Chromium found. Install one (`apt-get install chromium`, or Google Chrome) or set CHROMIUM_PATH to its program.",
    );
  return chromium.launch({ executablePath, args: FLAGS });
}

/** The two widths the console is looked at in. */
export const WIDTHS = { phone: { width: 390, height: 844 }, desktop: { width: 1440, height: 900 } } as const;

/** How long a page waits for what does not come (ms); a busy machine must not reach it. */
export const PATIENCE = 90_000;

/** What goes wrong in a page from now on: script errors, refused resources, messages of the Content-Security-Policy. */
export function watchProblems(page: Page): string[] {
  page.removeAllListeners("pageerror");
  page.removeAllListeners("console");
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    // A form that comes back with 4xx is meant to.
    if (message.type() === "error" && !/status of (401|404|410|422)/.test(message.text()))
      problems.push(message.text());
  });
  return problems;
}

interface Violation {
  id: string;
  impact: string;
  nodes: { target: string[]; failureSummary: string }[];
}

const COLOURS = ["color-contrast", "link-in-text-block"];
/** What hangs on which parts of a page are shown, and how they lie. */
const LAYOUT = [
  ...["bypass", "heading-order", "landmark-one-main", "landmark-unique", "page-has-heading-one", "region"],
  ...["scrollable-region-focusable", "skip-link"],
];
/** What axe looks at; of what is in order it need not make lists. */
const LOOKS = {
  all: {},
  colours: { runOnly: COLOURS },
  layout: { runOnly: LAYOUT },
};

/**
 * Runs axe on the page as it is, or on some parts of it, with all its rules, or only those about colours or about the
 * layout, and expects nothing. axe is put in past the page's own policy.
 */
export async function expectNoViolations(
  page: Page,
  name: string,
  look: keyof typeof LOOKS = "all",
  parts: readonly string[] = ["html"],
): Promise<void> {
  if (await page.evaluate("typeof axe === 'undefined'")) {
    const session = await page.context().newCDPSession(page);
    await session.send("Runtime.evaluate", { expression: AXE });
    await session.detach();
  }
  const options = { ...LOOKS[look], resultTypes: ["violations"] };
  const run = `((parts) => parts.length === 0 ? [] :
    axe.run({ include: parts }, ${JSON.stringify(options)}).then((result) => result.violations)
  )(${JSON.stringify(parts)}.filter((part) => document.querySelector(part) !== null))`;
  // axe was put into the page above; its results are plain data of this shape.
  const violations = (await page.evaluate(run)) as Violation[];
  const told = violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${impact}) ${target.join(" ")}: ${failureSummary}`),
  );
  expect(told, name).toEqual([]);
}

/** How far things moved after the page was first drawn (Cumulative Layout Shift). */
export async function layoutShift(page: Page): Promise<number> {
  // What is drawn in this frame is measured by the time of the next but one.
  const sum = await page.evaluate(`new Promise((resolve) => {
    const observer = new PerformanceObserver(() => {});
    requestAnimationFrame(() => requestAnimationFrame(() => {
      observer.observe({ type: "layout-shift", buffered: true });
      resolve(observer.takeRecords().reduce((sum, { value }) => sum + value, 0));
    }));
  })`);
  return Number(sum);
}
