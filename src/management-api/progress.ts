import { type Context, Hono } from "hono";
import type * as z from "zod";
import { selectEnrolment, selectProgressOf } from "../enrolment/enrolment-store.ts";
import { presentProgress } from "../enrolment/present-progress.ts";
import { presentEnrolment } from "../person-data/present-person.ts";
import { runRead } from "../platform/read-batch.ts";
import { publicCode } from "../scim/refusal-causes.ts";
import type { ProgressReport, ReportOutcome } from "../writer/progress-report.ts";
import type { ApiEnv } from "./api-env.ts";
import { perform } from "./perform-or-problem.ts";
import { invalidInput, notFound, Problem } from "./problem.ts";
import { progressInput, reportInput, sentReports } from "./progress-input.ts";
import type { reportedShape, reportsShape } from "./progress-shapes.ts";
import { readBody, toInputProblems } from "./validate-input.ts";

type Answer = z.infer<typeof reportsShape>["items"][number];

/** The routes by which the training platform reports what became of enrolments. */
export function progressRoutes() {
  return new Hono<ApiEnv>()
    .put("/:enrolmentId/progress", readBody(progressInput), async (c) => {
      const enrolmentId = c.req.param("enrolmentId");
      const [outcome] = await report(c, [toReport({ enrolmentId, ...c.req.valid("json") })]);
      if (outcome === undefined) throw new Error("the writer did not say what came of a report");
      if ("refusal" in outcome) throw new Problem(outcome.refusal.code, outcome.refusal.detail);
      const { database, company } = c.var;
      const enrolment = await runRead(database, selectEnrolment(company.key, enrolmentId));
      if (enrolment === null) throw notFound("no_such_enrolment", enrolmentId);
      const answer: z.infer<typeof reportedShape> = {
        ...presentEnrolment(enrolment, company.id),
        result: outcome.isChanged ? "changed" : "unchanged",
      };
      return c.json(answer);
    })
    .post("/progress", readBody(sentReports), async (c) => {
      const read = c.req.valid("json").items.map(readReport);
      const reports = read.flatMap((each) => ("report" in each ? [each.report] : []));
      const outcomes = c.var.replay === null ? await report(c, reports) : await findStanding(c, reports);
      const told = new Map(reports.map((each, place) => [each, toAnswer(each, outcomes[place])]));
      const items = read.map((each) => ("report" in each ? told.get(each.report) : each.refused));
      return c.json({ items });
    });
}

async function report(c: Context<ApiEnv>, reports: ProgressReport[]): Promise<ReportOutcome[]> {
  if (reports.length === 0) return [];
  const outcome = await perform(c, { kind: "reportProgress", reports });
  return outcome.kind === "progress" ? outcome.reports : [];
}

/** A repeated request changes nothing: how what it is about stands now. */
async function findStanding(c: Context<ApiEnv>, reports: readonly ProgressReport[]): Promise<ReportOutcome[]> {
  const ids = reports.map(({ enrolmentId }) => enrolmentId);
  const found = await runRead(c.var.database, selectProgressOf(c.var.company.key, ids));
  return ids.map((enrolmentId) => {
    const standing = found.get(enrolmentId);
    if (standing === undefined) {
      const { code, status, detail } = notFound("no_such_enrolment", enrolmentId);
      return { enrolmentId, refusal: { code, status, detail } };
    }
    return { enrolmentId, isChanged: false, progress: presentProgress(standing), isOverdue: standing.isOverdue };
  });
}

/** Reads one of many; what is wrong with it is the answer to it. */
function readReport(sent: unknown): { report: ProgressReport } | { refused: Answer } {
  const read = reportInput.safeParse(sent);
  if (read.success) return { report: toReport(read.data) };
  const named = typeof sent === "object" && sent !== null && "enrolmentId" in sent ? sent.enrolmentId : null;
  const { status, code, detail, errors } = invalidInput(toInputProblems(read.error.issues, sent));
  const enrolmentId = typeof named === "string" ? named : null;
  return { refused: refuse(enrolmentId, { status, code, detail, errors: [...errors] }) };
}

function toReport({ completedAt, score, ...sent }: z.output<typeof reportInput>): ProgressReport {
  return { ...sent, score: score ?? null, ...(typeof completedAt === "number" && { completedAt }) };
}

function toAnswer({ enrolmentId }: ProgressReport, outcome: ReportOutcome | undefined): Answer {
  if (outcome === undefined) throw new Error("the writer did not say what came of a report");
  if ("refusal" in outcome) {
    const { status, code, detail } = outcome.refusal;
    return refuse(enrolmentId, { status, code: publicCode(code), detail });
  }
  const { isChanged, progress, isOverdue: overdue } = outcome;
  return { enrolmentId, result: isChanged ? "changed" : "unchanged", progress, overdue, problem: null };
}

function refuse(enrolmentId: string | null, problem: NonNullable<Answer["problem"]>): Answer {
  return { enrolmentId, result: "refused", progress: null, overdue: false, problem };
}
