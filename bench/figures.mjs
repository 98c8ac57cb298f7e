// What is said of measured values.

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Of the processor's time where both were taken, which others at work on the machine disturb least. */
export function ratioOf({ values, spent = null }, baseline) {
  if (baseline === null) return null
  return spent !== null && (baseline.spent ?? null) !== null
    ? median(spent) / baseline.spent
    : median(values) / baseline.value
}
