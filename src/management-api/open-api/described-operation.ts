import type * as z from "zod";

/** Where a company lies. */
export const COMPANY_PATH = "/companies/{companyId}";

/** Where a SCIM setting lies. */
export const SETTING_PATH = `${COMPANY_PATH}/scim-settings/{settingId}`;

/** One route as OpenAPI describes it; `answer` is null for 204. */
export interface DescribedOperation {
  route: string;
  summary: string;
  /** What there is to know beyond the summary. */
  description?: string;
  tag: string;
  query?: z.ZodObject;
  body?: z.ZodType;
  status: number;
  answer: z.ZodType | null;
  /** Of an answer that is not JSON: of what kind it is; `answer` is then that of one line. */
  mediaType?: string;
}

type Described = Omit<DescribedOperation, "tag" | "status" | "answer"> & { status?: number; answer?: z.ZodType };

/** Operations of one tag; without an answer they answer 204. */
export function tagged(tag: string, operations: readonly Described[]): DescribedOperation[] {
  return operations.map((operation) => ({
    ...operation,
    tag,
    status: operation.status ?? (operation.answer === undefined ? 204 : 200),
    answer: operation.answer ?? null,
  }));
}
