/** How sure a count is: the exact upper bound of a rate that was seen `count` times in `trials`. */

/** Steps of halving; more than a double resolves. */
const ROUNDS = 60;

/**
 * The largest rate in 0–1 that 95 % confidence cannot exclude (Clopper and Pearson, one-sided): the one at which
 * `count` or fewer would still come up in 5 % of experiments. About 3 / trials where nothing was seen.
 */
export function upperBound(count: number, trials: number): number {
  if (count >= trials) return 1;
  let [low, high] = [count / trials, 1];
  for (let round = 0; round < ROUNDS; round++) {
    const rate = (low + high) / 2;
    if (atMost(count, trials, rate) > 0.05) low = rate;
    else high = rate;
  }
  return high;
}

/** The probability of `count` or fewer in `trials`, by the binomial distribution in logarithms. */
function atMost(count: number, trials: number, rate: number): number {
  let log = trials * Math.log1p(-rate);
  let sum = Math.exp(log);
  for (let k = 1; k <= count; k++) {
    log += Math.log((trials - k + 1) / k) + Math.log(rate) - Math.log1p(-rate);
    sum += Math.exp(log);
  }
  return sum;
}
