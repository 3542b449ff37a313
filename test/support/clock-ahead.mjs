/** Loaded before a program (`node --import`): its clocks are ahead of the machine's by TEST_CLOCK_AHEAD_MS. Timers run as they do. */
const aheadMs = Number(process.env.TEST_CLOCK_AHEAD_MS);
const Machine = globalThis.Date;

globalThis.Date = class extends Machine {
  constructor(...given) {
    if (given.length > 0) super(...given);
    else super(Machine.now() + aheadMs);
  }

  static now() {
    return Machine.now() + aheadMs;
  }
};
