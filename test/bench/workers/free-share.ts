import { DurableObject } from "cloudflare:workers";

/** A company's share of the database that is never used up, for those who ask what reads take and not how often they may. */
export class FreeShare extends DurableObject {
  take(): { isGiven: true } {
    return { isGiven: true };
  }

  spend(): boolean {
    return true;
  }

  charge(): void {}

  owes(): number {
    return 0;
  }
}
