import { enrolmentReportShape, peopleReportShape } from "../report-shapes.ts";
import { enrolmentReportQuery, peopleReportQuery } from "../reports.ts";
import { COMPANY_PATH, tagged } from "./described-operation.ts";

/** The routes of reports. */
export const REPORT_OPERATIONS = tagged("Reports", [
  {
    route: `GET ${COMPANY_PATH}/reports/enrolments`,
    summary: "How many enrolments there are, by item, status and progress",
    query: enrolmentReportQuery,
    answer: enrolmentReportShape,
  },
  {
    route: `GET ${COMPANY_PATH}/reports/people`,
    summary: "How many people came, went inactive, came back and were removed, by day",
    description: "It is counted in the change feed, so it reaches back as far as that is kept.",
    query: peopleReportQuery,
    answer: peopleReportShape,
  },
]);
