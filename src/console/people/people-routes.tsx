import { Hono } from "hono";
import type { ConsoleEnv } from "../console-env.ts";
import { ROUTES } from "../routes.ts";
import { addToGroup, showAddToGroup } from "./add-to-group-page.tsx";
import { changeStatus, removePerson, showDeactivation, showRemoval } from "./departure-pages.tsx";
import { editPerson, showEdit } from "./edit-person-page.tsx";
import { exportPeople } from "./export-people.ts";
import { exportPersonData } from "./export-person-data.ts";
import { showPeople } from "./people-page.tsx";
import { showPerson } from "./person-page.tsx";

/** The routes of a company's people. */
export function peopleRoutes() {
  return new Hono<ConsoleEnv>()
    .get(ROUTES.people, showPeople)
    .get(ROUTES.peopleCsv, exportPeople)
    .get(ROUTES.person, showPerson)
    .get(ROUTES.personExport, exportPersonData)
    .get(ROUTES.addToGroup, showAddToGroup)
    .post(ROUTES.addToGroup, addToGroup)
    .get(ROUTES.editPerson, showEdit)
    .post(ROUTES.editPerson, editPerson)
    .get(ROUTES.personStatus, showDeactivation)
    .post(ROUTES.personStatus, changeStatus)
    .get(ROUTES.removePerson, showRemoval)
    .post(ROUTES.removePerson, removePerson);
}
