import { bodyLimit } from "hono/body-limit";
import { MAX_BULK_PAYLOAD_BYTES } from "../scim/bulk/bulk-request.ts";
import { type JsonObject, parseJsonObject } from "../scim/json.ts";
import { countValues } from "../scim/limit-body-values.ts";
import { quote, ScimError } from "../scim/scim-error.ts";
import { isAcceptedMediaType, SCIM_MEDIA_TYPE } from "./media-type.ts";
import type { DoorContext } from "./scim-context.ts";

const TOO_LARGE = `The request body is larger than ${MAX_BULK_PAYLOAD_BYTES / 2 ** 20} MB. Send fewer members or operations in one request.`;

/** Refuses bodies over the limit with 413, whether or not they announce their length. */
export const limitBody = bodyLimit({
  maxSize: MAX_BULK_PAYLOAD_BYTES,
  onError: () => {
    throw new ScimError("body_too_large", TOO_LARGE);
  },
});

/** The request's body as a JSON object: 415 for another media type, 400 for bytes that are not UTF-8 JSON. */
export async function readBody(c: DoorContext): Promise<JsonObject> {
  const type = c.req.header("content-type");
  if (!isAcceptedMediaType(type))
    throw new ScimError(
      "unsupported_media_type",
      `The body must be sent as ${SCIM_MEDIA_TYPE} or application/json, not as ${quote(type ?? "")}.`,
    );
  const text = decodeUtf8(await c.req.arrayBuffer());
  if (text === null) throw unreadable(c.req.header("content-encoding"));
  const body = parseJsonObject(text);
  c.set("values", countValues(text));
  c.get("log").requestBody = body;
  return body;
}

/** Takes in a body that nobody reads: a client that still sends it when the connection closes never sees the answer. */
export async function passOver(c: DoorContext): Promise<void> {
  if (!c.req.raw.bodyUsed) await c.req.raw.body?.pipeTo(new WritableStream());
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

function decodeUtf8(bytes: ArrayBuffer): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

function unreadable(encoding: string | undefined): ScimError {
  return encoding === undefined
    ? new ScimError("malformed_body", "The request body is not valid UTF-8.")
    : new ScimError(
        "unsupported_media_type",
        `A body in the encoding ${quote(encoding)} is not read. Send it uncompressed.`,
      );
}
