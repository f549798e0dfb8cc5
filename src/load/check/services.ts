import { type Diagnostic, error } from '../../diagnostics/diagnostic.ts'
import { get, getIn, type MapNode, type Tree, toData } from '../../yaml/tree.ts'
import type { CheckInput } from './check-input.ts'

/** Required and conflicting attributes of active services. */
export function checkServices(input: CheckInput): Diagnostic[] {
  return input.active.flatMap(([name, service]) => [...missingImage(name, service, input), ...conflicts(name, service)])
}

function missingImage(name: string, service: MapNode, input: CheckInput): Diagnostic[] {
  if (get(service, 'image') || get(service, 'build') || get(service, 'provider')) return []
  if (input.hasErrors('services', name)) return []
  const at = get(input.tree, 'services')
  const keyAt = at?.kind === 'map' ? at.entries.get(name)?.keyAt : undefined
  const hint = 'add `image:` with an image to run, or `build:` with a directory to build one from'
  return [error('no-image', `service "${name}" has neither image nor build`, { at: keyAt, hint })]
}

/** Two values that exclude each other. */
interface Conflict {
  first: readonly string[]
  second: readonly string[]
  /** Whether the values conflict; always by default. */
  clash?: (first: Tree, second: Tree) => boolean
  hint: string
}

const differ = (first: Tree, second: Tree) => String(toData(first)) !== String(toData(second))
const SAME = 'remove one of them, or give both the same value'

/** Source: compose-go, loader/validate.go. */
const CONFLICTS: readonly Conflict[] = [
  {
    first: ['network_mode'],
    second: ['networks'],
    hint: 'remove one of them: a service with a network_mode joins no network',
  },
  { first: ['build', 'dockerfile'], second: ['build', 'dockerfile_inline'], hint: 'remove one of them' },
  {
    first: ['container_name'],
    second: ['scale'],
    clash: (_, scale) => Number(toData(scale)) > 1,
    hint: 'two containers cannot have the same name',
  },
  {
    first: ['container_name'],
    second: ['deploy', 'replicas'],
    clash: (_, count) => Number(toData(count)) > 1,
    hint: 'two containers cannot have the same name',
  },
  { first: ['scale'], second: ['deploy', 'replicas'], clash: differ, hint: SAME },
  { first: ['mem_limit'], second: ['deploy', 'resources', 'limits', 'memory'], clash: differ, hint: SAME },
  { first: ['mem_reservation'], second: ['deploy', 'resources', 'reservations', 'memory'], clash: differ, hint: SAME },
  { first: ['cpus'], second: ['deploy', 'resources', 'limits', 'cpus'], clash: differ, hint: SAME },
  { first: ['pids_limit'], second: ['deploy', 'resources', 'limits', 'pids'], clash: differ, hint: SAME },
]

function conflicts(name: string, service: MapNode): Diagnostic[] {
  const problems: Diagnostic[] = []
  for (const { first, second, clash, hint } of CONFLICTS) {
    const other = getIn(service, second)
    const one = other && getIn(service, first)
    if (!one || (clash && !clash(one, other))) continue
    const message = `service "${name}" has both ${first.join('.')} and ${second.join('.')}${clash === differ ? ' with different values' : ''}`
    const related = [{ message: first.join('.'), at: one.at }]
    problems.push(error('conflicting-keys', message, { at: other.at, hint, related }))
  }
  return problems
}

/** Keys that an override file may omit if an earlier file has them, but that are required in the result. */
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
  if (node?.kind !== 'map' || get(node, key) || input.hasErrors(path[0] ?? '', path[1] ?? '')) return []
  return [error('missing-key', `${path.join('.')} is missing the required key "${key}"`, { at: node.at })]
}
