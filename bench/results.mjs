// Measurements as they come, and what they come to.
import { summary } from './statistics.mjs'

/** Collects samples `{ ms, cpu, memory }` by case, operation and subject. */
export function collector() {
  const rows = new Map()
  return {
    add({ name, stack }, operation, subject, sample) {
      const key = `${name}\n${operation}`
      const row = rows.get(key) ?? { case: name, services: stack.services.length, operation, samples: {} }
      rows.set(key, row)
      row.samples[subject] = [...(row.samples[subject] ?? []), sample]
    },
    rows: () => [...rows.values()].map(summarized),
  }
}

/** `{ case, services, operation, subjects: { floor: { ms, cpu, memory }, … } }`, each a summary. */
function summarized({ samples, ...row }) {
  const of = (list) => ({
    ms: summary(list.map((each) => each.ms)),
    cpu: summary(list.map((each) => each.cpu)),
    memory: summary(list.map((each) => each.memory)),
  })
  return { ...row, subjects: Object.fromEntries(Object.entries(samples).map(([name, list]) => [name, of(list)])) }
}
