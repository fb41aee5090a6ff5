import { once } from "node:events";
import { createServer } from "node:http";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

/** An issuer on this machine, as Entra's are: one tenant, one key, and assertions of 65 minutes for one application. */
interface LocalIssuer {
  issuer: string;
  subject: string;
  audience: string;
  /** A new assertion for the application. */
  sign(): Promise<string>;
  close(): void;
}

const TENANT = "7a0e0a51-0000-4000-8000-00000000cafe";
const KEY_ID = "simulated";

/** Opens an issuer on loopback, whose keys are where Entra's are. */
export async function openLocalIssuer(): Promise<LocalIssuer> {
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: KEY_ID, use: "sig" }] });
  const server = createServer((request, response) => {
    const isKeys = request.url === `/${TENANT}/discovery/v2.0/keys`;
    response.writeHead(isKeys ? 200 : 404, { "content-type": "application/json" }).end(isKeys ? keys : "{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the issuer has no port");
  const issuer = `http://127.0.0.1:${address.port}/${TENANT}/v2.0`;
  const [subject, application] = [crypto.randomUUID(), crypto.randomUUID()];
  const sign = () => {
    const seconds = Math.floor(Date.now() / 1000);
    return new SignJWT({ oid: subject, azp: crypto.randomUUID(), tid: TENANT, ver: "2.0" })
      .setProtectedHeader({ typ: "JWT", alg: "RS256", kid: KEY_ID })
      .setIssuer(issuer)
      .setSubject(subject)
      .setAudience(application)
      .setIssuedAt(seconds - 300)
      .setNotBefore(seconds - 300)
      .setExpirationTime(seconds + 3600)
      .sign(privateKey);
  };
  // The portal shows the audience so, and the token has the bare id.
  const audience = `api://${application}/.default`;
  return { issuer, subject, audience, sign, close: () => server.close() };
}
