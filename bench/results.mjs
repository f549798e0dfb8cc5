// Measurements as they come, and what they come to.
import { summary } from './statistics.mjs'

/** Collects samples `{ ms, cpu, memory }` by case, operation and subject; `round` keeps those together that were taken side by side. */
export function collector() {
  const rows = new Map()
  return {
    add({ name, stack }, operation, subject, sample, round) {
      const key = `${name}\n${operation}`
      const row = rows.get(key) ?? { case: name, services: stack.services.length, operation, samples: {} }
      rows.set(key, row)
      row.samples[subject] ??= []
      row.samples[subject][round] ??= []
      row.samples[subject][round].push(sample)
    },
    rows: () => [...rows.values()].map(summarized),
  }
}

/** `{ case, services, operation, subjects: { floor: { ms, cpu, memory }, … } }`, each a summary. */
function summarized({ samples, ...row }) {
  const all = Object.values(samples)
  const rounds = Array.from({ length: Math.max(...all.map((list) => list.length)) }, (_, round) =>
    Math.max(...all.map((list) => list[round]?.length ?? 0)),
  )
  // A round that failed for one subject leaves gaps, so that the samples of the others keep their partners.
  const inLine = (list) => rounds.flatMap((count, round) => Array.from({ length: count }, (_, i) => list[round]?.[i]))
  const of = (list) => ({
    ms: summary(list.map((each) => each?.ms)),
    cpu: summary(list.map((each) => each?.cpu)),
    memory: summary(list.map((each) => each?.memory)),
  })
  return {
    ...row,
    subjects: Object.fromEntries(Object.entries(samples).map(([name, list]) => [name, of(inLine(list))])),
  }
}
