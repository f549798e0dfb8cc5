// What several measurements of one thing say.

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Median, extremes and the values themselves in the order in which they came; undefined: there are none. */
export function summary(values) {
  const known = values.filter((each) => each !== undefined)
  if (known.length === 0) return undefined
  const [low, high] = [Math.min(...known), Math.max(...known)]
  return { median: rounded(median(known)), min: rounded(low), max: rounded(high), samples: known.map(rounded) }
}

/**
 * The median of what `compare` says of samples that were taken side by side: what else the machine did at the time was there for both,
 * so that this says more than comparing the two medians.
 */
export function paired(ones, others, compare) {
  const pairs = Array.from({ length: Math.min(ones.length, others.length) }, (_, index) =>
    compare(ones[index], others[index]),
  )
  return Math.round(median(pairs) * 1000) / 1000
}

/** To a tenth. */
function rounded(value) {
  return Math.round(value * 10) / 10
}
