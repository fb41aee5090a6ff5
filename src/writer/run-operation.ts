import { runBulk } from "./bulk.ts";
import { createField, deleteCompany, deleteField, renameCompany } from "./configure-company.ts";
import { createSetting, deleteSetting, setStatus, updateSetting } from "./configure-settings.ts";
import { createManualGroup, setAutoEnrolments, setManualMember } from "./configure-targets.ts";
import { createToken, revokeToken } from "./configure-tokens.ts";
import { createWebhook, deleteWebhook, updateWebhook } from "./configure-webhooks.ts";
import { createGroup } from "./create-group.ts";
import { createUser } from "./create-user.ts";
import { deleteGroup } from "./delete-group.ts";
import { deleteUser } from "./delete-user.ts";
import { enrolPersons } from "./enrol.ts";
import type { Operation, Outcome } from "./operation.ts";
import { patchGroup } from "./patch-group.ts";
import { patchUser } from "./patch-user.ts";
import { replaceGroup } from "./replace-group.ts";
import { replaceUser } from "./replace-user.ts";
import { runReplan } from "./replan.ts";
import type { Scope } from "./scope.ts";

/** Applies one operation to the working set, enrolments included; throws ScimError to refuse it, NotLoaded to read more. */
export function runOperation(scope: Scope, operation: Operation): Outcome {
  const outcome = dispatch(scope, operation);
  enrolPersons(scope);
  return outcome;
}

function dispatch(scope: Scope, operation: Operation): Outcome {
  switch (operation.kind) {
    case "createUser":
      return createUser(scope, operation);
    case "replaceUser":
      return replaceUser(scope, operation);
    case "patchUser":
      return patchUser(scope, operation);
    case "deleteUser":
      return deleteUser(scope, operation);
    case "createGroup":
      return createGroup(scope, operation);
    case "replaceGroup":
      return replaceGroup(scope, operation);
    case "patchGroup":
      return patchGroup(scope, operation);
    case "deleteGroup":
      return deleteGroup(scope, operation);
    case "bulk":
      return runBulk(scope, operation, runOperation);
    case "createSetting":
      return createSetting(scope, operation);
    case "updateSetting":
      return updateSetting(scope, operation);
    case "pauseSetting":
    case "resumeSetting":
      return setStatus(scope, operation);
    case "deleteSetting":
      return deleteSetting(scope, operation);
    case "createToken":
      return createToken(scope, operation);
    case "revokeToken":
      return revokeToken(scope, operation);
    case "createField":
      return createField(scope, operation);
    case "deleteField":
      return deleteField(scope, operation);
    case "createTargetGroup":
      return createManualGroup(scope, operation);
    case "addManualMember":
    case "removeManualMember":
      return setManualMember(scope, operation);
    case "setAutoEnrolments":
      return setAutoEnrolments(scope, operation);
    case "createWebhook":
      return createWebhook(scope, operation);
    case "updateWebhook":
      return updateWebhook(scope, operation);
    case "deleteWebhook":
      return deleteWebhook(scope, operation);
    case "renameCompany":
      return renameCompany(scope, operation);
    case "deleteCompany":
      return deleteCompany(scope);
    case "replan":
      return runReplan(scope, operation);
    case "log":
      for (const entry of operation.entries) scope.workingSet.log(entry);
      return { kind: "done" };
  }
}
