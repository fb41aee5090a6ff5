import { deflateText, inflateText } from "../platform/deflated-text.ts";

/** What is kept of what was sent and answered, as JSON texts; null for nothing. */
export interface Bodies {
  requestBody: string | null;
  responseBody: string | null;
}

/** From so many characters on they are deflated: what is answered mostly repeats what was sent, so that little is left. */
const LONG = 400;

/** Stands before what was deflated with this beginning known to both sides, which therefore is never changed: another gets another mark. */
const DEFLATED = "z1:";
const KNOWN =
  new TextEncoder().encode(`{"status":"400","scimType":"invalidValue","detail":"PatchOp","Operations":[{"op":"Replace","path":"members[value eq ","value":
"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":1,"Resources":[{"id":"members":[{"value":"
"meta":{"resourceType":"Group"},"groups":[],"addresses":[{"type":"work","streetAddress":"locality":"region":"postalCode":"country":
"manager":{"value":"},"costCenter":"organization":"division":"preferredLanguage":"en-US","locale":"timezone":"nickName":"userType":
["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"userName":"
"externalId":"active":true,"displayName":"name":{"givenName":"familyName":"formatted":"emails":[{"value":"type":"work","primary":true}],
"phoneNumbers":[{"value":"+1 ","type":"mobile"}],"title":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"employeeNumber":"`);

/** The text that stands for them in the database, null for nothing. */
export function printBodies({ requestBody, responseBody }: Bodies): string {
  const text = JSON.stringify([requestBody, responseBody]);
  if (text.length < LONG) return text;
  return DEFLATED + deflateText(text, KNOWN);
}

/** What such a text says. */
export function readBodies(text: string | null): Bodies {
  const json = text?.startsWith(DEFLATED) ? inflateText(text.slice(DEFLATED.length), KNOWN) : text;
  // As printed above.
  const [requestBody = null, responseBody = null] = JSON.parse(json ?? "[]") as (string | null)[];
  return { requestBody, responseBody };
}
