import { type Diagnostic, warning } from '../../../diagnostics/diagnostic.ts'
import { isEmpty } from '../../../util/object.ts'
import type { Declared } from '../../backend.ts'
import { factsOf } from '../../docker/attributes.ts'
import { buildNotes } from './build.ts'
import { swarmNote } from './swarm.ts'

/** Whether a service's attribute, or a part of one such as `build.ssh`, is carried out on an engine. */
export function isCarriedOut(attribute: string, part?: string): boolean {
  const facts = factsOf(attribute)
  return facts !== undefined && (part === undefined || facts.parts === undefined || facts.parts[part] === 'engine')
}

/** Every attribute that this backend leaves out is said, by name and place: nothing is dropped in silence. Pure. */
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
    // Parts that only a swarm or nobody carries out have messages of their own.
    const known = factsOf(key)?.parts
    return known ? parts.flatMap(([part]) => (part in known ? [] : [`${key}.${part}`])) : []
  })
}
