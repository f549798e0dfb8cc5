import { type Diagnostic, error } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import { get, type MapNode, type ScalarNode, type Tree } from '../../yaml/tree.ts'
import type { Clash } from '../findings.ts'
import { itemsAt, textAt, textOf } from '../tree/nodes.ts'
import type { CheckInput } from './check-input.ts'

/** Values of active services that conflict, within one service or between several. Source: compose-go, loader/validate.go. */
export function checkConsistency(input: CheckInput): Diagnostic[] {
  const { active } = input
  return [
    ...active.flatMap(([name, service]) => [
      ...unknownContexts(name, service, input),
      ...foreignPlatform(name, service),
      ...targetsTakenTwice(name, service),
      ...untargetedWatch(name, service),
    ]),
  ]
}

/** `service:web` in `additional_contexts` refers to the image that the service builds. */
function unknownContexts(name: string, service: MapNode, input: CheckInput): Diagnostic[] {
  const contexts = get(get(service, 'build'), 'additional_contexts')
  if (contexts?.kind !== 'map') return []
  return [...contexts.entries.values()].flatMap(({ value }) => {
    const text = value.kind === 'scalar' ? textOf(value) : ''
    const used = text.startsWith('service:') ? text.slice('service:'.length) : undefined
    const service = used === undefined ? undefined : get(get(input.tree, 'services'), used)
    if (used === undefined || get(service, 'build')) return []
    if (service) return input.hasErrors('services', used) ? [] : [unbuilt(name, used, value)]
    const message = `service "${name}" builds with the unknown service "${foreign(used)}"`
    return [error('unknown-service', message, { at: value.at, hint: input.meant(used, 'services') })]
  })
}

function unbuilt(name: string, used: string, { at }: Tree): Diagnostic {
  const hint = `add a \`build:\` to "${foreign(used)}", or write docker-image://IMAGE`
  return error('unknown-service', `service "${name}" builds with "${foreign(used)}", which has no build`, {
    at,
    hint,
  })
}

function foreignPlatform(name: string, service: MapNode): Diagnostic[] {
  const [platform, built] = [get(service, 'platform'), get(get(service, 'build'), 'platforms')]
  if (platform?.kind !== 'scalar' || built?.kind !== 'seq' || built.items.length === 0) return []
  if (built.items.some((item) => item.kind === 'scalar' && textOf(item) === textOf(platform))) return []
  return [
    error('conflicting-keys', `service "${name}" runs on a platform that it is not built for`, {
      at: platform.at,
      hint: `add ${foreign(textOf(platform))} to build.platforms`,
      related: [{ message: 'the platforms that it is built for', at: built.at }],
    }),
  ]
}

/** Reports two mounts with the same target: a tmpfs and a volume, or two of one kind. */
function targetsTakenTwice(name: string, service: MapNode): Diagnostic[] {
  const taken = new Map<string, Tree>()
  return targetsOf(service).flatMap(([target, node]) => {
    const first = taken.get(target)
    taken.set(target, first ?? node)
    if (!first) return []
    const message = `service "${name}" has two mounts at ${foreign(target)}`
    const related = [{ message: 'the other one', at: first.at }]
    return [error('conflicting-keys', message, { at: node.at, related, hint: 'remove one of them' })]
  })
}

function targetsOf(service: MapNode): [target: string, node: Tree][] {
  const temporary = itemsAt(service, 'tmpfs').filter((item): item is ScalarNode => item.kind === 'scalar')
  const mounts = itemsAt(service, 'volumes').filter((item): item is MapNode => item.kind === 'map')
  return [
    ...temporary.map((item): [string, Tree] => [textOf(item).split(':')[0] ?? '', item]),
    ...mounts.map((item): [string, Tree] => [textAt(item, 'target') ?? '', item]),
  ]
}

const WITHOUT_TARGET = ['rebuild', 'restart']

/** A watch rule that copies files needs a target. Source: compose-go, loader/validate.go. */
function untargetedWatch(name: string, service: MapNode): Diagnostic[] {
  const watch = get(get(service, 'develop'), 'watch')
  const triggers = watch?.kind === 'seq' ? watch.items.filter((item) => item.kind === 'map') : []
  return triggers.flatMap((trigger) => {
    const action = get(trigger, 'action')
    const kind = textAt(trigger, 'action') ?? ''
    if (textAt(trigger, 'target') || WITHOUT_TARGET.includes(kind)) return []
    const message = `service "${name}" has a watch rule with the action ${kind}, but without a target`
    const hint = 'add the path inside the container, e.g. target: /app'
    return [error('missing-key', message, { at: action?.at ?? trigger.at, hint })]
  })
}

/** Reports containers of two services with the same name. */
export function checkNames({ active }: CheckInput): Clash[] {
  const taken = new Map<string, { service: string; node: Tree }>()
  return active.flatMap(([service, value]) => {
    const node = get(value, 'container_name')
    const name = node?.kind === 'scalar' ? textOf(node) : ''
    const first = taken.get(name)
    if (node && name !== '' && !first) taken.set(name, { service, node })
    if (!node || !first) return []
    const message = `services "${first.service}" and "${service}" both use the container name ${foreign(name)}`
    const related = [{ message: 'taken here', at: first.node.at }]
    const problem = error('conflicting-keys', message, { at: node.at, related, hint: 'change one of the names' })
    return [{ service, other: first.service, problem, firm: true }]
  })
}
