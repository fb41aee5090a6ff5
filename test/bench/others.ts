import { HttpConnection } from "./http-connection.ts";
import { person } from "./people.ts";

/** One who creates users in another setting of the company, and notes how long the slowest took (ms). */
export class Others {
  slowest = 0;
  readonly #connection: HttpConnection;
  #next: number;

  private constructor(connection: HttpConnection, first: number) {
    this.#connection = connection;
    this.#next = first;
  }

  static async open(url: string, token: string, first: number): Promise<Others> {
    return new Others(await HttpConnection.open(url, token), first);
  }

  async write(): Promise<void> {
    const body = JSON.stringify(person(this.#next++));
    const started = performance.now();
    const { status } = await this.#connection.send({ method: "POST", path: "/scim/v2/Users", body });
    if (status !== 201) throw new Error(`another's write answered ${status}`);
    this.slowest = Math.max(this.slowest, performance.now() - started);
  }

  close(): void {
    this.#connection.close();
  }
}
