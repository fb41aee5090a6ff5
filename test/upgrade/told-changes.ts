/** A change as both releases tell it; what later ones put beside it is left out. */
interface Told {
  type: string;
  time: string;
  subject: { kind: string; id: string };
  data: Record<string, unknown>;
  cursor: string;
}

const PAGE = 200;

/** Reads a company's whole feed with `get` of one release; gives each change as text, in their order. */
export async function readToldChanges(
  get: (path: string) => Promise<{ items?: Told[] }>,
  companyId: string,
): Promise<string[]> {
  const told: string[] = [];
  for (let after = "0"; ; ) {
    const { items = [] } = await get(`/companies/${companyId}/changes?after=${after}&limit=${PAGE}`);
    told.push(...items.map(({ type, time, subject, data }) => JSON.stringify([type, time, subject, data])));
    const last = items.at(-1);
    if (last === undefined) return told;
    after = last.cursor;
  }
}
