import { env } from "cloudflare:workers";
import { createCompany } from "../../src/companies/company-store.ts";
import { LANES } from "../../src/log/tables.ts";
import { rowKey } from "../../src/platform/row-keys.ts";
import { newId } from "../../src/platform/uuid.ts";

type Row = Record<string, string | number | null>;

/** Where rows go: a company, a setting of it, and the next key that is free. */
interface Place {
  company: { key: number };
  setting: { key: number };
  nextKey: () => number;
}

/** Inserts a row as SQL, so that stores are tested against the tables and not against each other. */
export async function insert(table: string, row: Row): Promise<void> {
  const columns = Object.keys(row);
  await env.DB.prepare(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`)
    .bind(...Object.values(row))
    .run();
}

/** A company with one setting, and functions that put rows into it. */
export async function fillCompany(name = "Northwind") {
  const company = await createCompany(env, name, Date.now());
  let n = 0;
  const nextKey = () => {
    n += 1;
    return rowKey(company.key, n);
  };
  const addSetting = async (row: Row = {}) => {
    const setting = { key: nextKey(), id: newId(Date.now()) };
    await insert("scim_settings", {
      setting_key: setting.key,
      company_key: company.key,
      id: setting.id,
      name: "Entra",
      provider: "entra",
      status: "active",
      criteria: "idp",
      created_at: Date.now(),
      ...row,
    });
    return setting;
  };
  const setting = await addSetting();
  const place = { company, setting, nextKey };
  return { company, setting, addSetting, ...peopleIn(place), ...historyOf(place) };
}

/** Functions that put people, target groups and what they are enrolled in into a company. */
function peopleIn({ company, setting, nextKey }: Place) {
  return {
    async addUser(userName: string, row: Row = {}) {
      const user = { key: nextKey(), id: newId(Date.now()) };
      await insert("users", {
        user_key: user.key,
        company_key: company.key,
        setting_key: setting.key,
        id: user.id,
        user_name: userName,
        user_name_key: userName.toLowerCase(),
        active: 1,
        document: "{}",
        version: 1,
        created_at: 1,
        updated_at: 2,
        ...row,
      });
      return user;
    },
    async addTargetGroup(groupName: string, source = "manual") {
      const group = { key: nextKey(), id: newId(Date.now()) };
      await insert("target_groups", {
        target_group_key: group.key,
        company_key: company.key,
        id: group.id,
        name: groupName,
        name_key: groupName.toLowerCase(),
        source,
        created_at: 1,
      });
      return group;
    },
    async addReason(groupKey: number, userKey: number, kind: string, detail = "", sourceKey = 0) {
      await insert("target_group_members", {
        target_group_key: groupKey,
        user_key: userKey,
        kind,
        setting_key: kind === "manual" ? 0 : setting.key,
        source_key: sourceKey,
        detail,
        request_id: "request-1",
        added_at: 1,
      });
    },
    async addEnrolment(userKey: number, userId: string, row: Row = {}) {
      const enrolment = { key: nextKey(), id: newId(Date.now()) };
      await insert("enrolments", {
        enrolment_key: enrolment.key,
        company_key: company.key,
        id: enrolment.id,
        person_key: `user:${userId}`,
        user_key: userKey,
        user_id: userId,
        kind: "training",
        item_id: "course-1",
        name: "Course 1",
        status: "active",
        started_at: 1,
        ...row,
      });
      return enrolment;
    },
  };
}

/** Functions that put changes and logged requests into a company. */
function historyOf({ company, setting }: Place) {
  return {
    async addChange(seq: number, type = "user.created") {
      await insert("changes", {
        company_key: company.key,
        seq,
        type,
        time: 1,
        subject_kind: "user",
        subject_id: `user-${seq}`,
        data: "{}",
        cause: '{"requestId":"request-1"}',
      });
      await env.DB.prepare("UPDATE companies SET change_seq = ?1 WHERE company_key = ?2").bind(seq, company.key).run();
    },
    /** A logged request; `isBefore` puts it where requests were logged before. */
    async addLog(row: Row = {}, isBefore = false) {
      const time = Number(row.time ?? Date.now());
      const own = {
        id: newId(time),
        setting_key: setting.key,
        time,
        method: "POST",
        path: "/Users",
        status: 201,
        duration: 3,
      };
      const lane = row.status === 0 ? LANES.part : row.resource_type === "Group" ? LANES.ofGroup : LANES.request;
      const { request_body = null, response_body = null, ...rest } = row;
      const bodies = JSON.stringify([request_body, response_body]);
      if (isBefore) await insert("provisioning_log", { company_key: company.key, ...own, ...row });
      else await insert("request_log", { lane, ...own, ...rest, bodies });
      return { id: own.id };
    },
  };
}
