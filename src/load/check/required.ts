import { type Diagnostic, error } from '../../diagnostics/diagnostic.ts'
import { get, type Tree } from '../../yaml/tree.ts'
import type { CheckInput } from './check-input.ts'

/** Keys that an override file may leave to the files before it, and that have to be there in the end. */
export function checkRequired(input: CheckInput): Diagnostic[] {
  const { tree, active } = input
  return [
    ...active.flatMap(([name, service]) => [
      ...missingIn(input, ['services', name, 'depends_on'], get(service, 'depends_on'), 'condition'),
      ...missingAt(input, ['services', name, 'provider'], get(service, 'provider'), 'type'),
    ]),
    ...missingIn(input, ['models'], get(tree, 'models'), 'model'),
  ]
}

function missingIn(input: CheckInput, path: string[], node: Tree | undefined, key: string): Diagnostic[] {
  const entries = node?.kind === 'map' ? [...node.entries] : []
  return entries.flatMap(([name, { value }]) => missingAt(input, [...path, name], value, key))
}

function missingAt(input: CheckInput, path: string[], node: Tree | undefined, key: string): Diagnostic[] {
  if (node?.kind !== 'map' || get(node, key) || input.hasErrors(path.slice(0, 2))) return []
  return [error('missing-key', `${path.join('.')} needs the key "${key}"`, { at: node.at })]
}
