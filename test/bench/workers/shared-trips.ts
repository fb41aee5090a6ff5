/** A request's part in a trip: the trip's number, how many requests share it, and what this one brings of its body. */
export interface SharedTrip {
  number: number;
  sharers: number;
  part: string;
}

interface Trip {
  /** How many of them are there. */
  present: number;
  body: string;
  /** What it gives, for all who share it. */
  made: PromiseWithResolvers<string>;
}

/** Longer than any trip is waited for (ms). */
const PATIENCE = 60_000;

/** Trips that several requests share: one is made once the last of these is there, in order after the one of the number before it. */
export class SharedTrips {
  readonly #isInOrder: boolean;
  readonly #trips = new Map<number, Trip>();

  constructor(isInOrder = false) {
    this.#isInOrder = isInOrder;
  }

  /** Waits for the trip that a request has a part in; `make` makes it of its body. */
  async share({ number, sharers, part }: SharedTrip, make: (body: string) => Promise<string>): Promise<string> {
    const trip = this.#trip(number);
    trip.present += 1;
    trip.body += part;
    if (trip.present === sharers) trip.made.resolve(this.#make(number, trip.body, make));
    // The runtime ends a request that waits for nothing of its own, as what others do is not.
    const timer = setTimeout(() => {}, PATIENCE);
    return trip.made.promise.finally(() => clearTimeout(timer));
  }

  async #make(number: number, body: string, make: (body: string) => Promise<string>): Promise<string> {
    if (!this.#isInOrder) this.#trips.delete(number);
    else if (number > 0) {
      await this.#trip(number - 1).made.promise;
      this.#trips.delete(number - 1);
    }
    return make(body);
  }

  #trip(number: number): Trip {
    const known = this.#trips.get(number);
    if (known !== undefined) return known;
    const made: Trip = { present: 0, body: "", made: Promise.withResolvers() };
    this.#trips.set(number, made);
    return made;
  }
}
