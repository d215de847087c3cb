/** Median and spread of a list of numbers. */
export function summarize(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, min: sorted[0], max: sorted[sorted.length - 1] };
}

/** The growth exponent between two sizes net of start-up: 1 is linear, 2 quadratic; `undefined` if start-up is all there is. */
export function growthExponent(small, large, startUp) {
  const [smallNet, largeNet] = [small.ms - startUp, large.ms - startUp];
  if (smallNet <= 0 || largeNet <= 0) return undefined;
  return Math.log(largeNet / smallNet) / Math.log(large.connections / small.connections);
}

/** The growth exponent of a command on one shape, if all sizes that it takes are measured. */
export function growthOf(rows, { command, shape }, [small, large]) {
  const [one, ...pair] = [1, small, large].map((connections) => {
    const row = rows.find((each) => each.command === command && each.shape === shape && each.connections === connections);
    return row && { connections, ms: row.wallMs.median };
  });
  return [one, ...pair].includes(undefined) ? undefined : growthExponent(...pair, one.ms);
}
