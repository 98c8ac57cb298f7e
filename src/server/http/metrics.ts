import type { AnsweredCall } from '../calls/ports.ts'

/** Upper bounds in seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] as const

interface Series {
  readonly counts: number[]
  sum: number
  count: number
}

/** Counts calls, for Prometheus. @see prometheus.io, "Exposition formats" */
export class Metrics {
  readonly #calls = new Map<string, number>()
  readonly #durations = new Map<string, Series>()

  count({ service, operation, status, error, took }: AnsweredCall): void {
    // Only what the models have: what people make up would be a series each.
    const labels = `service="${service ?? ''}",operation="${service === null ? '' : (operation ?? '')}"`
    const call = `${labels},status="${status}",code="${error?.code ?? ''}"`
    this.#calls.set(call, (this.#calls.get(call) ?? 0) + 1)
    const series = this.#durations.get(labels) ?? { counts: BUCKETS.map(() => 0), sum: 0, count: 0 }
    this.#durations.set(labels, series)
    const seconds = took / 1000
    series.sum += seconds
    series.count += 1
    for (const [index, bound] of BUCKETS.entries())
      if (seconds <= bound) series.counts[index] = (series.counts[index] ?? 0) + 1
  }

  /** @param gauges what is known besides, by names */
  text(gauges: Readonly<Record<string, number>>): string {
    const lines = ['# TYPE iam_sync_calls_total counter']
    for (const [labels, count] of this.#calls) lines.push(`iam_sync_calls_total{${labels}} ${count}`)
    lines.push('# TYPE iam_sync_call_seconds histogram')
    for (const [labels, { counts, sum, count }] of this.#durations) {
      for (const [index, bound] of BUCKETS.entries())
        lines.push(`iam_sync_call_seconds_bucket{${labels},le="${bound}"} ${counts[index] ?? 0}`)
      lines.push(
        `iam_sync_call_seconds_bucket{${labels},le="+Inf"} ${count}`,
        `iam_sync_call_seconds_sum{${labels}} ${sum}`,
        `iam_sync_call_seconds_count{${labels}} ${count}`,
      )
    }
    for (const [name, value] of Object.entries(gauges)) lines.push(`# TYPE ${name} gauge`, `${name} ${value}`)
    return `${lines.join('\n')}\n`
  }
}
