import type { Generation } from "./answers.js";
import { type Clock, within } from "./clock.js";

// Two may be lost in a row.
const beatsInALifetime = 3;
const shortestInterval = 1_000;
const longestInterval = 86_400_000;

/** How long to wait between heartbeats: by what the backend's own clock gave it, for the machine's may be off. */
export function intervalOf(admitted: Generation): number {
  const interval = (Date.parse(admitted.expires_at) - Date.parse(admitted.created_at)) / beatsInALifetime;
  return interval >= shortestInterval ? Math.min(interval, longestInterval) : shortestInterval;
}

/** Beats until it is stopped, one beat at a time. A beat that hangs is given up when the next one is due: it must not cost the generation its life. */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #interval: number;
  readonly #beat: (signal: AbortSignal) => Promise<void>;
  readonly #stopped = new AbortController();
  #callOff: () => void = () => {};

  constructor(clock: Clock, interval: number, beat: (signal: AbortSignal) => Promise<void>) {
    this.#clock = clock;
    this.#interval = interval;
    this.#beat = beat;
  }

  start(): void {
    this.#waitFor(this.#interval);
  }

  /** A beat that is under way is given up. */
  stop(): void {
    this.#callOff();
    this.#stopped.abort();
  }

  #waitFor(milliseconds: number): void {
    this.#callOff = this.#clock.after(milliseconds, () => void this.#next());
  }

  async #next(): Promise<void> {
    const begun = this.#clock.now();
    // What does not come through now may the next time.
    await within(this.#clock, this.#interval, this.#stopped.signal, this.#beat).catch(() => {});
    if (!this.#stopped.signal.aborted) {
      this.#waitFor(Math.max(0, begun + this.#interval - this.#clock.now()));
    }
  }
}
