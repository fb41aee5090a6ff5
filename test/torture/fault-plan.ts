/** Bugs of the brake that a test build can have. */
export const BRAKE_PLANTS = ["held-withdrawn", "release-forgets", "keep-forgotten", "half-moved"] as const;
export type BrakePlant = (typeof BRAKE_PLANTS)[number];

/** Bugs that are planted into the product's text: those of the brake, a writer that keeps its rows when the fence fails, and an undo that brings nothing back. */
export const TEXT_PLANTS = [...BRAKE_PLANTS, "rows-cached-on", "undo-begins-anew"] as const;
export type TextPlant = (typeof TEXT_PLANTS)[number];

/** The guards that a test build can take away, and its bugs, so that the campaign shows that it would notice. */
export const PLANTS = ["queue-off", "fence-off", "commit-split", ...TEXT_PLANTS] as const;
export type Plant = (typeof PLANTS)[number];

/** What goes wrong while a round runs; each number is the chance of one call. */
export interface FaultPlan {
  seed: string;
  /** D1 fails before it does anything. */
  d1Before: number;
  /** D1 does what it is asked, and the answer is lost. */
  d1After: number;
  /** D1 takes up to `slowMs` longer. */
  d1Slow: number;
  slowMs: number;
  kvFails: number;
  kvMisses: number;
  /** The writer is aborted at a step of a commit, and a courier at a trip to D1. */
  abort: number;
  /** A second writer of the same company is alive, and a second courier of each webhook; each gets half of the calls. */
  isDuplicated: boolean;
  plant: Plant | null;
}

/** Nothing goes wrong. */
export const CALM: FaultPlan = {
  seed: "",
  d1Before: 0,
  d1After: 0,
  d1Slow: 0,
  slowMs: 0,
  kvFails: 0,
  kvMisses: 0,
  abort: 0,
  isDuplicated: false,
  plant: null,
};

/** The address at which the test build takes a plan. */
export const FAULTS_PATH = "/_torture/faults";
