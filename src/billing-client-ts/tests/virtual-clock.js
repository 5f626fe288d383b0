/** A clock that jumps to whatever is due next, so that nothing is waited for. */
export class VirtualClock {
  #now = Date.parse("2025-11-03T10:30:00Z");
  #timers = new Set();
  /** What was waited for, in milliseconds. */
  waits = [];

  now() {
    return this.#now;
  }

  after(milliseconds, callback) {
    const timer = { at: this.#now + milliseconds, milliseconds, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  get pending() {
    return this.#timers.size;
  }

  /** Lets time pass until it is settled. What hangs with no timer left fails. */
  async until(promise) {
    let settled = false;
    const end = () => (settled = true);
    promise.then(end, end);
    for (await this.calm(); !settled; await this.calm()) {
      this.#jump();
    }

    return promise;
  }

  /** Lets what is under way come to where it waits for a timer. */
  calm() {
    return new Promise((resolve) => setImmediate(resolve));
  }

  /** Lets time pass. */
  async pass(milliseconds) {
    const end = this.#now + milliseconds;
    for (await this.calm(); this.#first() !== undefined && this.#first().at <= end; await this.calm()) {
      this.#jump();
    }

    this.#now = end;
  }

  #first() {
    return [...this.#timers].reduce((first, timer) => (first === undefined || timer.at < first.at ? timer : first), undefined);
  }

  #jump() {
    const timer = this.#first();
    if (timer === undefined) {
      throw new Error("It waits for what never comes.");
    }

    this.#timers.delete(timer);
    this.waits.push(timer.milliseconds);
    this.#now = Math.max(this.#now, timer.at);
    timer.callback();
  }
}
