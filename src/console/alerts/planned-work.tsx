import * as z from "zod";
import type { ConsoleContext } from "../console-env.ts";
import { perform } from "../perform-for-page.ts";
import { readForm } from "../read-form.ts";
import { href } from "../routes.ts";
import { showChannels } from "./channels-page.tsx";
import { HOURS } from "./work-form.tsx";

const HOUR = 3_600_000;

const workForm = z.object({
  hours: z.enum(HOURS.map(({ value }) => value)),
  note: z.string().trim().max(200).default(""),
});

/** Announces work. */
export async function planWork(c: ConsoleContext) {
  const form = await readForm(c, workForm);
  if (!form.ok) return showChannels(c, { form: "work", ...form });
  const until = Date.now() + Number(form.data.hours) * HOUR;
  await perform(c, { kind: "planWork", until, note: form.data.note });
  return c.redirect(href("channels", { companyId: c.var.company.id }, { done: "work-announced" }), 303);
}

/** Ends what was announced. */
export async function endWork(c: ConsoleContext) {
  await perform(c, { kind: "planWork", until: null, note: "" });
  return c.redirect(href("channels", { companyId: c.var.company.id }, { done: "work-ended" }), 303);
}
