import { inContainer, type Rule } from './rules.ts'

/** A path of this machine, and its place in containers. */
export interface Mapping {
  from: string
  to: string
}

/** What a number of changes leads to, in this order. */
export interface Work {
  /** Services whose images are built again. */
  rebuild: string[]
  /** What is copied, or removed, by service. */
  sync: Record<string, Mapping[]>
  /** Services that are restarted, without those that are built again. */
  restart: string[]
  /** Rules whose commands are run. */
  exec: Rule[]
}

/** What changes of these paths lead to: everything once, however many changes and rules ask for it. */
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

/** Folders before what is in them. */
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
