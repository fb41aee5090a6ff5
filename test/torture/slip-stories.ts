import { ACCIDENTS } from "../simulate/accident.ts";

/** What can be played at size: slips, and a Monday like any other, in a setting that groups by department or by groups. */
export const STORIES = [...ACCIDENTS, "monday-by-department", "monday-by-groups"] as const;
export type Story = (typeof STORIES)[number];
