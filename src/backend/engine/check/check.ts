import { type Diagnostic, warning } from '../../../diagnostics/diagnostic.ts'
import { isEmpty } from '../../../util/object.ts'
import type { Declared } from '../../backend.ts'
import { factsOf } from '../../docker/attributes.ts'
import { buildNotes } from './build.ts'
import { swarmNote } from './swarm.ts'

/** Whether an engine implements a service's attribute, or a part such as `build.ssh`. */
export function isCarriedOut(attribute: string, part?: string): boolean {
  const facts = factsOf(attribute)
  return facts !== undefined && (part === undefined || facts.parts === undefined || facts.parts[part] === 'engine')
}

/** Reports every attribute that this backend ignores, by name and place: nothing is dropped silently. Pure. */
export function check(declared: Declared): Diagnostic[] {
  const warnings = Object.entries(declared.stack.services).flatMap(([name, service]) =>
    leftOut(service).map((path) => {
      const at = declared.spanOf(`services.${name}.${path}`)
      return warning('not-supported', `"${path}" of service "${name}" is not supported yet`, { at })
    }),
  )
  return [...warnings, ...buildNotes(declared), ...swarmNote(declared)]
}

function leftOut(service: Record<string, unknown>): string[] {
  return Object.entries(service).flatMap(([key, value]) => {
    if (key.startsWith('x-') || isEmpty(value)) return []
    if (!isCarriedOut(key)) return [key]
    if (typeof value !== 'object' || Array.isArray(value)) return []
    const parts = Object.entries(value ?? {}).filter(([part, each]) => !part.startsWith('x-') && !isEmpty(each))
    // Parts that only a swarm or nobody implements have messages of their own.
    const known = factsOf(key)?.parts
    return known ? parts.flatMap(([part]) => (part in known ? [] : [`${key}.${part}`])) : []
  })
}
