/** What tells the time and waits: between tries, for a try's time-out, and between heartbeats. Tests put their own in its place. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;

  /**
   * Calls back once, after at least so many milliseconds.
   * @returns what calls it off.
   */
  after(milliseconds: number, callback: () => void): () => void;
}

// A timer that is set for longer goes off at once.
const longestTimer = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, Math.min(milliseconds, longestTimer));
    return () => clearTimeout(timer);
  },
};

/** Waits, and throws the signal's reason when it is aborted meanwhile. */
export function wait(clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const giveUp = () => {
      callOff();
      reject(signal?.reason);
    };
    const callOff = clock.after(milliseconds, () => {
      signal?.removeEventListener("abort", giveUp);
      resolve();
    });
    signal?.addEventListener("abort", giveUp, { once: true });
  });
}

/**
 * Does something that must not take too long, and gives up when the signal is aborted, even where the work does not heed it.
 * The work gets a signal of its own: what fetch hangs on to one that lives long would pile up.
 */
export async function within<T>(clock: Clock, milliseconds: number, signal: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  signal?.throwIfAborted();
  const own = new AbortController();
  const giveUp = () => own.abort(signal?.reason);
  signal?.addEventListener("abort", giveUp, { once: true });
  const callOff = clock.after(milliseconds, () => own.abort(new DOMException(`There was no answer within ${milliseconds} ms.`, "TimeoutError")));
  const givenUp = new Promise<never>((_, reject) => {
    own.signal.addEventListener("abort", () => reject(own.signal.reason), { once: true });
  });
  try {
    return await Promise.race([work(own.signal), givenUp]);
  } finally {
    callOff();
    signal?.removeEventListener("abort", giveUp);
  }
}
