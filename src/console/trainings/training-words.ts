import type { CatalogueItem } from "../../enrolment/training-store.ts";
import { href, type LinkQuery } from "../routes.ts";

/** What each kind of item is called. */
export const KIND_WORDS: Record<CatalogueItem["kind"], string> = {
  training: "Training",
  phishing: "Phishing simulation",
};

/** The page of an item; its id is the platform's, which may hold anything, and so stands in the query. */
export function trainingUrl(
  companyId: string,
  { kind, id }: Pick<CatalogueItem, "kind" | "id">,
  more: LinkQuery = {},
): string {
  return href("training", { companyId }, { kind, id, ...more });
}
