import type { Errors, Values } from "../read-form.ts";
import { Input } from "./form.tsx";

/** Above so many people a page that asks has their number typed before it does harm to them. */
export const TYPED_ABOVE = 100;

/** Whether the number of people was typed; with or without a thousands mark. */
export function isTyped({ typed = "" }: Values, people: number): boolean {
  return typed.replace(/[\s,.]/g, "") === String(people);
}

/** The field in which a large number of people is typed by whoever decides about them. */
export function TypedCount({ people, errors }: { people: number; errors: Errors }) {
  return (
    <Input
      name="typed"
      label={`Type ${people} to go on`}
      values={{}}
      errors={errors}
      hint="So many people are not let go by a slip of the hand."
      autocomplete="off"
      maxlength={12}
    />
  );
}
