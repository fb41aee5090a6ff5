/** The bindings and secrets of the Worker (wrangler.toml, `.dev.vars`, `wrangler secret put`). */
export interface Env {
  /** The registry of companies, and the directories of those that are in no further database (`DB2`, `DB3`, …). */
  DB: D1Database;
  /** The bindings of the databases that new companies go to, with commas between them; all that are bound when not set. */
  NEW_COMPANIES_DB?: string;
  TOKENS: KVNamespace;
  /** One object per company, named by the company's id; `openWriter` gives it its type. */
  WRITER: DurableObjectNamespace;
  /** One object per webhook, named by its key; `openCourier` gives it its type. */
  COURIER: DurableObjectNamespace;
  /** One object per company, named by the company's id; `readInShare` gives it its type. */
  SHARE: DurableObjectNamespace;
  /** One object per company, named by the company's id; `wakeMessenger` gives it its type. */
  MESSENGER: DurableObjectNamespace;
  /** Cloudflare's binding for e-mail (`send_email`), where it is bound. */
  EMAIL?: {
    send(message: {
      from: { email: string; name: string };
      to: string;
      subject: string;
      text: string;
    }): Promise<unknown>;
  };
  /** The address that e-mails come from; of a domain that the binding may send for. */
  ALERT_FROM?: string;
  /** "on" prints e-mails to the Worker's log where none can be sent: for development. */
  PRINT_EMAIL?: string;
  /** How long the change feed is kept (days); 90 when not set. */
  CHANGE_RETENTION_DAYS?: string;
  /** How long the provisioning log is kept (days); 30 when not set. */
  LOG_RETENTION_DAYS?: string;
  /** "on" writes one line for each request to the Worker's log: method, path, status, time; no query, no body. */
  REQUEST_LOG?: string;
  /** Counts the requests of a token, of a console session, and of the operator's key. */
  TOKEN_SHIELD?: RateLimit;
  /** Counts the requests of an address that had no valid credential. */
  ADDRESS_SHIELD?: RateLimit;
  /** Counts the wrong operator keys of an address. */
  KEY_SHIELD?: RateLimit;
  /** Counts the requests of an address at the token endpoint. */
  OAUTH_SHIELD?: RateLimit;
  /** "on" takes issuers on this machine itself, while the Worker is reached on loopback: for development and simulators. */
  LOOPBACK_ISSUERS?: string;
  /** Where people and identity providers reach this Worker; the addresses in answers are built on it. */
  PUBLIC_URL?: string;
  /** Where D1 is, so that new objects begin beside it; see `openPlaced`. */
  REGION?: string;
  /** What the objects may not leave: a part of each object's id, so that it is never changed. */
  JURISDICTION?: string;
  OPERATOR_KEY: string;
  SESSION_SECRET: string;
  /** The SESSION_SECRET before the present one, while what was made with it is still about. */
  SESSION_SECRET_PREVIOUS?: string;
  /** Who is told of vulnerabilities, in `/.well-known/security.txt`: see `securityTxt`. */
  SECURITY_CONTACT?: string;
  /** With both set, every console request must carry a valid assertion of Cloudflare Access (`team.cloudflareaccess.com`). */
  ACCESS_TEAM_DOMAIN?: string;
  ACCESS_AUD?: string;
}
