import { Hono } from "hono";
import { findPeopleByName } from "../../directory/find-people-by-name.ts";
import { selectTargetUser } from "../../directory/target-user-store.ts";
import { findTargetGroup } from "../../grouping/target-group-store.ts";
import { runRead } from "../../platform/read-batch.ts";
import type { ConsoleContext, ConsoleEnv } from "../console-env.ts";
import { attempt, perform } from "../perform-for-page.ts";
import { readValues } from "../read-form.ts";
import { href, ROUTES } from "../routes.ts";
import { addItem, showAdditionFigures } from "./add-item-page.tsx";
import { showChoice } from "./choose-item-page.tsx";
import { exportMembers, requireGroupOfPath, showGroup } from "./group-page.tsx";
import { createTargetGroup, exportGroups, showGroups } from "./groups-page.tsx";
import { removeItem, showItemRemoval, showItemRemovalFigures } from "./remove-item-page.tsx";
import { showMemberRemoval } from "./remove-member-page.tsx";
import { changeTerms, showTerms } from "./terms-page.tsx";
import { showItemUndo, showItemUndoFigures, undoItem } from "./undo-item-page.tsx";

/** The routes of a company's target groups. */
export function groupRoutes() {
  return new Hono<ConsoleEnv>()
    .get(ROUTES.groups, (c) => showGroups(c))
    .post(ROUTES.groups, createTargetGroup)
    .get(ROUTES.groupsCsv, exportGroups)
    .get(ROUTES.group, (c) => showGroup(c))
    .get(ROUTES.groupMembersCsv, async (c) => exportMembers(c, await requireGroupOfPath(c)))
    .get(ROUTES.chooseItem, (c) => showChoice(c))
    .post(ROUTES.addMember, addMember)
    .get(ROUTES.removeMember, (c) => showMemberRemoval(c))
    .post(ROUTES.removeMember, removeMember)
    .post(ROUTES.addAutoEnrolment, async (c) => {
      const group = await requireGroupOfPath(c);
      return (await addItem(c, group)) ?? backTo(c, group.id, "enrolment-added");
    })
    .get(ROUTES.additionFigures, showAdditionFigures)
    .get(ROUTES.itemTerms, showTerms)
    .post(ROUTES.itemTerms, changeTerms)
    .get(ROUTES.removeAutoEnrolment, async (c) => showItemRemoval(c, await requireGroupOfPath(c)))
    .get(ROUTES.itemRemovalFigures, async (c) => showItemRemovalFigures(c, await requireGroupOfPath(c)))
    .post(ROUTES.removeAutoEnrolment, async (c) => {
      const group = await requireGroupOfPath(c);
      return (await removeItem(c, group)) ?? backOrAway(c, group.id, "enrolment-removed");
    })
    .get(ROUTES.undoItem, async (c) => showItemUndo(c, await requireGroupOfPath(c)))
    .get(ROUTES.undoItemFigures, async (c) => showItemUndoFigures(c, await requireGroupOfPath(c)))
    .post(ROUTES.undoItem, async (c) => {
      const group = await requireGroupOfPath(c);
      await undoItem(c, group);
      return backTo(c, group.id, "enrolment-restored");
    });
}

async function addMember(c: ConsoleContext) {
  const group = await requireGroupOfPath(c);
  const values = await readValues(c);
  const name = (values.person ?? "").trim();
  const found = name === "" ? [] : await findPeopleByName(c.var.database, c.var.company.key, name);
  const [person, another] = found;
  if (person === undefined) {
    const error =
      name === "" ? "Give a user name or an e-mail address." : "Nobody here has this user name or e-mail address.";
    return showGroup(c, values, { person: error });
  }
  if (another !== undefined)
    return showGroup(c, values, { person: "Several people have it: give the exact user name of one." });
  const result = await attempt(c, { kind: "addManualMember", targetGroupId: group.id, userId: person.id });
  return result.ok ? backTo(c, group.id, "member-added") : showGroup(c, values, { person: result.detail });
}

async function removeMember(c: ConsoleContext) {
  const group = await requireGroupOfPath(c);
  const userId = c.req.param("userId") ?? "";
  const { back } = await readValues(c);
  await perform(c, { kind: "removeManualMember", targetGroupId: group.id, userId });
  const person = await runRead(c.var.database, selectTargetUser(c.var.company.key, userId));
  const done = person?.managed === false ? "member-taken-out" : "member-removed";
  if (back !== "person" || person === null) return backOrAway(c, group.id, done);
  return c.redirect(href("person", { companyId: c.var.company.id, userId }, { done }), 303);
}

/** A mirror that outlived the provider's group goes with the last that holds it: then there is no page to go back to. */
async function backOrAway(c: ConsoleContext, groupId: string, done: string) {
  const { company, database } = c.var;
  if ((await findTargetGroup(database, company.key, groupId)) !== null) return backTo(c, groupId, done);
  return c.redirect(href("groups", { companyId: company.id }, { done: "group-gone" }), 303);
}

function backTo(c: ConsoleContext, groupId: string, done: string) {
  return c.redirect(href("group", { companyId: c.var.company.id, groupId }, { done }), 303);
}
