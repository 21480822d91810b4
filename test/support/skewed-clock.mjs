// Loaded before a process of the product (NODE_OPTIONS): its clock is off by CLOCK_SKEW_MS. Timers are not.
const skewMs = Number(process.env.CLOCK_SKEW_MS);
const Real = Date;

globalThis.Date = class extends Real {
  constructor(...given) {
    if (given.length === 0) super(Real.now() + skewMs);
    else super(...given);
  }

  static now() {
    return Real.now() + skewMs;
  }
};
