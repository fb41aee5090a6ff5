import type { Child } from "hono/jsx";
import * as z from "zod";
import { type Departure, selectDeparture } from "../../enrolment/departure-store.ts";
import { runRead } from "../../platform/read-batch.ts";
import type { ConsoleContext } from "../console-env.ts";
import { perform } from "../perform-for-page.ts";
import { readForm } from "../read-form.ts";
import { Refused } from "../refused.ts";
import { href } from "../routes.ts";
import { FormEnd, Hidden } from "../views/form.tsx";
import { countOf } from "../views/moments-and-counts.tsx";
import { PersonFrame } from "./person-frame.tsx";
import { fullNameOf, type PersonInFull, requireUnmanaged } from "./require-person.ts";

const statusForm = z.object({ status: z.enum(["active", "inactive"]) });

/** Asks before somebody without a connection is removed, with what goes in numbers. */
export async function showRemoval(c: ConsoleContext) {
  const person = await requireUnmanaged(c);
  const departure = await runRead(c.var.database, selectDeparture(person.user.key));
  return ask(c, person, {
    title: `Remove ${fullNameOf(person.user)}?`,
    lead: "This cannot be undone.",
    route: "removePerson",
    button: "Remove this person",
    children: (
      <>
        <p>{`${person.user.userName} ${describeLoss(departure.groups, departure)}`}</p>
        <p>
          Everything held of them is erased: fields, SCIM attributes, and what the history and the provisioning log say
          of them. The change feed keeps the fact that they were removed.
        </p>
      </>
    ),
  });
}

/** Asks before somebody without a connection is made inactive, with what goes in numbers. */
export async function showDeactivation(c: ConsoleContext) {
  const person = await requireUnmanaged(c);
  const departure = await runRead(c.var.database, selectDeparture(person.user.key));
  const lost = departure.groups - departure.byHand;
  return ask(c, person, {
    title: `Make ${fullNameOf(person.user)} inactive?`,
    lead: "The person stays, and can be made active again.",
    route: "personStatus",
    button: "Make inactive",
    children: (
      <>
        <p>{`${person.user.userName} ${describeLoss(lost, departure)}`}</p>
        <p>
          Made active again they come back to the target groups given by hand only: the rules that gave the others are
          gone with their SCIM setting. What they are withdrawn from begins anew then.
        </p>
        <Hidden values={{ status: "inactive" }} />
      </>
    ),
  });
}

interface Question {
  title: string;
  lead: string;
  route: "removePerson" | "personStatus";
  button: string;
  children: Child;
}

function ask(c: ConsoleContext, { user }: PersonInFull, { title, lead, route, button, children }: Question) {
  const at = { companyId: c.var.company.id, userId: user.id };
  return c.html(
    <PersonFrame c={c} user={user} title={title} lead={lead}>
      <form class="card stack" method="post" action={href(route, at)}>
        {children}
        <FormEnd cancel={href("person", at)} label={button} isDanger />
      </form>
    </PersonFrame>,
  );
}

function describeLoss(groups: number, { withdrawn, handedOver }: Departure): string {
  const parts = [
    groups === 0 ? "leaves no target group" : `leaves ${countOf(groups, "target group")}`,
    `is withdrawn from ${withdrawn === 0 ? "no training" : describeEnrolments(withdrawn)}`,
  ];
  const goesOn = `${describeEnrolments(handedOver)} ${handedOver === 1 ? "goes" : "go"} on`;
  const rest = handedOver === 0 ? "" : ` ${goesOn} through another user of the same person.`;
  return `${parts.join(" and ")}.${rest}`;
}

function describeEnrolments(count: number): string {
  return countOf(count, "training or simulation", "trainings and simulations");
}

/** Removes and erases the person. */
export async function removePerson(c: ConsoleContext) {
  const { user } = await requireUnmanaged(c);
  await perform(c, { kind: "removeTargetUser", userId: user.id });
  return c.redirect(href("people", { companyId: c.var.company.id }, { done: "person-removed" }), 303);
}

/** Makes the person active or inactive. */
export async function changeStatus(c: ConsoleContext) {
  const { user } = await requireUnmanaged(c);
  const form = await readForm(c, statusForm);
  if (!form.ok)
    throw new Refused(400, "That was refused", "A person is either active or inactive. Nothing was changed.");
  const { status } = form.data;
  await perform(c, { kind: "editTargetUser", userId: user.id, status, fields: {} });
  const at = { companyId: c.var.company.id, userId: user.id };
  return c.redirect(href("person", at, { done: `person-${status}` }), 303);
}
