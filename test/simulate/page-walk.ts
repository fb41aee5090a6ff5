import { idOf, type JsonObject, listOf, objectOf } from "./document.ts";
import { request, type Session } from "./session.ts";

/** All resources of a list, page by page as an IdP walks; a resource on two pages, or one too few, is a difference. */
export async function walkPages(
  session: Session,
  resource: string,
  count: number | null,
  kind: string,
  more = "",
): Promise<JsonObject[]> {
  const resources: JsonObject[] = [];
  const seen = new Set<string>();
  for (let startIndex = 1; ; ) {
    const page = count === null ? "" : `&count=${count}`;
    const target =
      startIndex === 1 && count === null && more === "" ? resource : `${resource}?startIndex=${startIndex}`;
    const query = target === resource ? "" : `${page}${more}`;
    const reply = await request(session, { method: "GET", target: `${target}${query}`, kind }, [200]);
    if (reply === null) return resources;
    const body = objectOf(reply.body);
    const found = listOf(body.Resources);
    for (const one of found) {
      const id = idOf(one) ?? "";
      if (seen.has(id)) session.report(`page walk of ${resource}: ${id} comes twice`);
      seen.add(id);
    }
    resources.push(...found);
    if (count !== null && found.length > count)
      session.report(`page walk of ${resource}: a page has more than ${count}`);
    startIndex += found.length;
    if (found.length === 0 || startIndex > Number(body.totalResults)) return resources;
  }
}
