import { inContainer, type Rule } from './rules.ts'

/** A local path and its counterpart in containers. */
export interface Mapping {
  from: string
  to: string
}

/** The consequences of a burst of changes, in the order of execution. */
export interface Work {
  /** Services whose images are rebuilt. */
  rebuild: string[]
  /** Paths to copy or remove, by service. */
  sync: Record<string, Mapping[]>
  /** Services to restart, without those that are rebuilt. */
  restart: string[]
  /** Rules whose commands are run. */
  exec: Rule[]
}

/** The work for changed paths: each item once, even if several changes and rules require it. */
export function workFor(rules: readonly Rule[], paths: readonly string[]): Work {
  const hits = rules.flatMap((rule) => {
    const files = [...new Set(paths)].filter((path) => rule.verdict(path) === 'kept')
    return files.length > 0 ? [{ rule, files }] : []
  })
  const asking = (...actions: Rule['action'][]) => hits.filter(({ rule }) => actions.includes(rule.action))
  const rebuild = servicesOf(asking('rebuild'))
  return {
    rebuild,
    sync: mappingsOf(asking('sync', 'sync+restart', 'sync+exec')),
    restart: servicesOf(asking('restart', 'sync+restart')).filter((service) => !rebuild.includes(service)),
    exec: asking('sync+exec').map(({ rule }) => rule),
  }
}

interface Hit {
  rule: Rule
  files: string[]
}

function servicesOf(hits: readonly Hit[]): string[] {
  return [...new Set(hits.map(({ rule }) => rule.service))].sort()
}

/** Folders before their content. */
function mappingsOf(hits: readonly Hit[]): Record<string, Mapping[]> {
  const sync: Record<string, Mapping[]> = {}
  for (const { rule, files } of hits) {
    const known = sync[rule.service] ?? []
    const places = new Set(known.map(({ to }) => to))
    const fresh = files.map((from) => ({ from, to: inContainer(rule, from) })).filter(({ to }) => !places.has(to))
    sync[rule.service] = [...known, ...fresh].sort((a, b) => (a.to < b.to ? -1 : 1))
  }
  return sync
}
