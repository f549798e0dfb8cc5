// What several measurements of one thing say.

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Median, extremes and the values themselves in the order in which they came, null for those that are missing; undefined: there are none. */
export function summary(values) {
  const known = values.filter((each) => each !== undefined)
  if (known.length === 0) return undefined
  const [low, high] = [Math.min(...known), Math.max(...known)]
  return {
    median: rounded(median(known)),
    min: rounded(low),
    max: rounded(high),
    samples: values.map((each) => (each === undefined ? null : rounded(each))),
  }
}

/**
 * The median of what `compare` says of samples that were taken side by side: what else the machine did at the time was there for both,
 * so that this says more than comparing the two medians. Undefined where no two were.
 */
export function paired(ones, others, compare) {
  const pairs = ones.flatMap((one, index) => {
    const other = others[index] ?? null
    return one === null || other === null ? [] : [compare(one, other)]
  })
  return pairs.length === 0 ? undefined : Math.round(median(pairs) * 1000) / 1000
}

/** To a tenth. */
function rounded(value) {
  return Math.round(value * 10) / 10
}
