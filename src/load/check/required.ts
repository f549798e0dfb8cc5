import { type Diagnostic, error } from '../../diagnostics/diagnostic.ts'
import { get, type Tree } from '../../yaml/tree.ts'
import type { Subject } from './check-input.ts'

/** Keys that an override file may leave to the files before it, and that have to be there in the end. */
export function checkRequired(subject: Subject): Diagnostic[] {
  const { tree, active } = subject
  return [
    ...active.flatMap(([name, service]) => [
      ...missingIn(subject, ['services', name, 'depends_on'], get(service, 'depends_on'), 'condition'),
      ...missingAt(subject, ['services', name, 'provider'], get(service, 'provider'), 'type'),
    ]),
    ...missingIn(subject, ['models'], get(tree, 'models'), 'model'),
  ]
}

function missingIn(subject: Subject, path: string[], node: Tree | undefined, key: string): Diagnostic[] {
  const entries = node?.kind === 'map' ? [...node.entries] : []
  return entries.flatMap(([name, { value }]) => missingAt(subject, [...path, name], value, key))
}

function missingAt(subject: Subject, path: string[], node: Tree | undefined, key: string): Diagnostic[] {
  if (node?.kind !== 'map' || get(node, key) || subject.isTroubled(path.slice(0, 2))) return []
  return [error('missing-key', `${path.join('.')} needs the key "${key}"`, { at: node.at })]
}
