import { type Diagnostic, error } from '../../diagnostics/diagnostic.ts'
import { get, type MapNode } from '../../yaml/tree.ts'
import { textAt } from '../tree/nodes.ts'

/** Actions that copy nothing into the container. */
const WITHOUT_TARGET = ['rebuild', 'restart']

/** What is synchronized has to say where to. Source: compose-go, loader/validate.go. */
export function checkWatch(name: string, service: MapNode): Diagnostic[] {
  const watch = get(get(service, 'develop'), 'watch')
  const triggers = watch?.kind === 'seq' ? watch.items.filter((item) => item.kind === 'map') : []
  return triggers.flatMap((trigger) => {
    const action = get(trigger, 'action')
    const kind = textAt(trigger, 'action') ?? ''
    if (textAt(trigger, 'target') || WITHOUT_TARGET.includes(kind)) return []
    const message = `service "${name}" watches with ${kind}, but does not say what the files are copied to`
    const hint = 'add the path inside the container, e.g. target: /app'
    return [error('missing-key', message, { at: action?.at ?? trigger.at, hint })]
  })
}
