import { expect, vi } from "vitest";
import { fetchWith } from "../safety/injected-bindings.ts";
import { must } from "../safety/populated-company.ts";
import { call, newClient, operate, type ScimAnswer } from "../scim-api/scim-client.ts";
import { newIssuer } from "../settings/issuer-fixture.ts";

const FORM = { "content-type": "application/x-www-form-urlencoded" };
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const USER = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group";
const PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/** How a gallery application may sign in. */
export type GalleryWay = "client credentials" | "federation";

/** What the token endpoint gave, and what was asked of it. */
export interface Granted {
  status: number;
  accessToken: string;
  seconds: number;
}

/** One operation of a PATCH. */
interface Operation {
  op: string;
  path?: string;
  value?: unknown;
}

/** A person as a fresh Entra application maps it. */
export interface Person {
  mailNickname: string;
  objectId: string;
}

/** Entra's provisioning service for one application: what it sends for each event, and what it looks at after that. */
export interface Gallery {
  granted: Granted;
  send(method: string, path: string, body?: unknown): Promise<ScimAnswer>;
  /** The one resource that the matching attribute finds, or null; a list in any case. */
  findUser(person: Person): Promise<Document | null>;
  findGroup(name: string): Promise<Document | null>;
  createUser(person: Person): Promise<Document>;
  createGroup(name: string, objectId?: string): Promise<Document>;
  patch(path: string, ...operations: Operation[]): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: tests read members of answers freely.
export type Document = any;

/** A company whose setting is connected as a gallery application would be. */
export async function connectGallery(way: GalleryWay): Promise<Gallery> {
  const { companyId, settingId } = await newClient({ provider: "entra" });
  const at = `/companies/${companyId}/scim-settings/${settingId}`;
  const granted = await (way === "federation" ? signInByFederation(at) : signInByClient(at));
  const send = (method: string, path: string, body?: unknown) =>
    call(method, `/scim/v2${path}`, body, {
      authorization: `Bearer ${granted.accessToken}`,
      ...(body === undefined ? {} : { "content-type": "application/scim+json; charset=utf-8" }),
    });
  const find = async (path: string): Promise<Document | null> => {
    const list = must(await send("GET", path), 200);
    expect(list.schemas).toEqual(["urn:ietf:params:scim:api:messages:2.0:ListResponse"]);
    expect(list.Resources).toHaveLength(list.totalResults);
    return list.Resources[0] ?? null;
  };
  return {
    granted,
    send,
    findUser: ({ mailNickname }) => find(`/Users?filter=${query(`userName eq "${mailNickname}@contoso.com"`)}`),
    findGroup: (name) => find(`/Groups?excludedAttributes=members&filter=${query(`displayName eq "${name}"`)}`),
    createUser: async (person) => must(await send("POST", "/Users", userOf(person)), 201),
    createGroup: async (displayName, externalId = crypto.randomUUID()) =>
      must(await send("POST", "/Groups", { schemas: [GROUP], externalId, displayName, members: [] }), 201),
    patch: async (path, ...operations) => {
      const answer = await send("PATCH", path, { schemas: [PATCH], Operations: operations });
      expect([200, 204], answer.text).toContain(answer.status);
    },
  };
}

function query(filter: string): string {
  return encodeURIComponent(filter).replaceAll("%20", "+");
}

/** A body with everything that a fresh application maps of a user. */
export function userOf({ mailNickname, objectId }: Person): Record<string, unknown> {
  const place = { streetAddress: "1 Main Road", locality: "Reading", region: "Berkshire", postalCode: "RG6 1WG" };
  return {
    schemas: [USER, ENTERPRISE],
    externalId: objectId,
    userName: `${mailNickname}@contoso.com`,
    active: true,
    displayName: `Display ${mailNickname}`,
    title: "Engineer",
    preferredLanguage: "en-GB",
    name: { givenName: "Given", familyName: mailNickname, formatted: `Given ${mailNickname}` },
    emails: [{ type: "work", value: `${mailNickname}@contoso.com`, primary: true }],
    addresses: [{ type: "work", ...place, country: "GB", formatted: "Building 2" }],
    phoneNumbers: ["work", "mobile", "fax"].map((type, n) => ({ type, value: `+44 118 000 000${n}` })),
    [ENTERPRISE]: { employeeNumber: "4711", department: "Engineering" },
  };
}

async function signInByClient(at: string): Promise<Granted> {
  const { clientId, secret } = must(await operate("POST", `${at}/clients`, {}), 201);
  const authorization = `Basic ${btoa(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret.secret)}`)}`;
  const answer = await call("POST", "/scim/oauth/token", "grant_type=client_credentials", { ...FORM, authorization });
  return toGranted(answer.status, answer.json);
}

async function signInByFederation(at: string): Promise<Granted> {
  const terms = {
    issuer: `https://login.microsoftonline.com/${crypto.randomUUID()}/v2.0`,
    subject: crypto.randomUUID(),
    audience: `api://${crypto.randomUUID()}/.default`,
  };
  const { clientId } = must(await operate("POST", `${at}/trusts`, terms), 201);
  const issuer = await newIssuer("gallery", Date.now);
  const keys = vi.spyOn(globalThis, "fetch").mockImplementation(async () => Response.json({ keys: [issuer.jwk] }));
  const aud = terms.audience.slice("api://".length, -"/.default".length);
  const form = {
    grant_type: "client_credentials",
    client_id: clientId,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: await issuer.sign({ iss: terms.issuer, sub: terms.subject, aud }),
  };
  const answer = await fetchWith({}, "POST", "/scim/oauth/token", { form: new URLSearchParams(form).toString() });
  keys.mockRestore();
  return toGranted(answer.status, await answer.json());
}

function toGranted(status: number, { access_token, expires_in }: Document): Granted {
  return { status, accessToken: String(access_token), seconds: Number(expires_in) };
}
