import * as z from "zod";
import { GROUP_NAME_LIMIT, isGroupName } from "./target-group-name.ts";

/** A target group's name as a person gives it: 1 to 256 characters (Unicode code points) after trimming. */
export const groupName = z
  .string()
  .trim()
  .min(1)
  .refine(isGroupName, `Give at most ${GROUP_NAME_LIMIT} characters.`)
  .meta({
    maxLength: GROUP_NAME_LIMIT,
    description: `At most ${GROUP_NAME_LIMIT} characters (Unicode code points), outer white space not counted`,
  });
