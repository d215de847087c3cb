/** Processor time instead of that of the clock: what else a machine is busy with does not matter. */

/** Starts to count. What it gives tells the milliseconds so far. */
export function startCount(): () => number {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
}

/** How many times as much the work is given. */
const TIMES = 16;

/**
 * The exponent with which work grows with its size: 1 is linear, 2 is quadratic. Compares the best of three rounds of the work at
 * sixteen times a size with that of sixteen times the work at that size, so that how fast a machine is does not matter either.
 */
export function growth(work: (size: number) => unknown, size: number): number {
  const often = (): void => {
    for (let time = 0; time < TIMES; time++) work(size);
  };
  often(); // pays for compilation
  const parts = cost(often);
  return 1 + Math.log(cost(() => work(size * TIMES)) / parts) / Math.log(TIMES);
}

function cost(work: () => void): number {
  const rounds = [1, 2, 3].map(() => {
    const count = startCount();
    work();
    return count();
  });
  return Math.min(...rounds);
}
