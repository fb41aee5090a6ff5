import type { CommitterOptions } from "../../src/writer/committer.ts";

/** What a writer is given of whose commits nobody has to hear, and that digests names by no secret. */
export const UNHEARD: Pick<CommitterOptions, "secrets" | "onChanges" | "onWebhooks" | "onMessages" | "onWork"> = {
  secrets: { SESSION_SECRET: "" },
  onChanges: () => {},
  onWebhooks: () => {},
  onMessages: () => {},
  onWork: async () => {},
};
