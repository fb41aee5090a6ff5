import { fieldInput } from "../../settings/field-input.ts";
import { pageShape } from "../answer-shapes.ts";
import { companyChange, companyInput, companyQuery } from "../company-input.ts";
import { quotaChange } from "../company-quotas.ts";
import { companyInFullShape, companyShape, consoleLinkShape, fieldShape, quotaShape } from "../company-shapes.ts";
import { consoleLinkInput } from "../console-links.ts";
import { COMPANY_PATH, tagged } from "./described-operation.ts";

/** The routes of companies. */
export const COMPANY_OPERATIONS = tagged("Companies", [
  {
    route: "GET /companies",
    summary: "List the companies",
    query: companyQuery,
    answer: pageShape(companyShape),
  },
  {
    route: "POST /companies",
    summary: "Make a company",
    body: companyInput,
    status: 201,
    answer: companyShape,
  },
  { route: `GET ${COMPANY_PATH}`, summary: "One company", answer: companyInFullShape },
  { route: `PATCH ${COMPANY_PATH}`, summary: "Change a company", body: companyChange, answer: companyShape },
  { route: `DELETE ${COMPANY_PATH}`, summary: "Delete a company with all it has" },
  {
    route: `GET ${COMPANY_PATH}/quotas`,
    summary: "What the company may have, and how much of it is used",
    answer: pageShape(quotaShape),
  },
  {
    route: `PATCH ${COMPANY_PATH}/quotas`,
    summary: "Set quotas of the company; null gives one back to what all companies have",
    description:
      "What goes beyond a quota is refused with the code `quota`: a size with 413, a number with 403. A company that has more " +
      "than a new quota keeps it: its people and settings go on being updated and removed, and only adding is refused.",
    body: quotaChange,
    answer: pageShape(quotaShape),
  },
  {
    route: `POST ${COMPANY_PATH}/console-links`,
    summary: "Make a one-time sign-in link to the company's console",
    body: consoleLinkInput,
    status: 201,
    answer: consoleLinkShape,
  },
]);

/** The routes of a company's fields. */
export const FIELD_OPERATIONS = tagged("Fields", [
  {
    route: `GET ${COMPANY_PATH}/fields`,
    summary: "List the standard and custom fields",
    answer: pageShape(fieldShape),
  },
  {
    route: `POST ${COMPANY_PATH}/fields`,
    summary: "Define a custom field",
    body: fieldInput,
    status: 201,
    answer: fieldShape,
  },
  {
    route: `DELETE ${COMPANY_PATH}/fields/{fieldKey}`,
    summary: "Delete a custom field, with its mappings and values",
    description:
      "409 `in_use` while a SCIM setting groups by it, or people kept from a deleted setting have a value in it or are in a target group by it; " +
      "the detail says which and how many.",
  },
]);
