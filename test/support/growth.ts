/** How many times as much the work is given. */
const TIMES = 16;

/**
 * The exponent with which work grows with its size: 1 is linear, 2 is quadratic. Compares processor time, the best of three
 * rounds, of the work at sixteen times a size and of sixteen times the work at that size, so that neither a slow nor a busy
 * machine matters.
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
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return user + system;
  });
  return Math.min(...rounds);
}
