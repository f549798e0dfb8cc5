import { type Diagnostic, error } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import type { Span } from '../../diagnostics/span.ts'
import { get, type MapNode, type Tree } from '../../yaml/tree.ts'
import { mentions } from '../model/implied-dependencies.ts'
import { profilesOf } from '../model/profiles.ts'
import { textAt, textOf } from '../tree/nodes.ts'
import type { CheckInput } from './check-input.ts'

/** Reports services and resources that active services name but that are not declared. */
export function checkReferences(input: CheckInput): Diagnostic[] {
  return input.active.flatMap(([name, service]) => [
    ...unknownServices(name, service, input),
    ...unknownResources(name, service, input),
  ])
}

interface Use {
  name: string
  at: Span
  from: string
}

function unknownServices(name: string, service: MapNode, input: CheckInput): Diagnostic[] {
  const uses: Use[] = mentions(service).map(({ service: used, node, from }) => ({ name: used, at: node.at, from }))
  const list = get(service, 'depends_on')
  if (list?.kind === 'map') addDependencies(uses, list, get(input.tree, 'services'))
  return uses.flatMap((use) => unknownService(name, use, input) ?? [])
}

/** Adds `depends_on`, without optional dependencies and those already reported elsewhere. */
function addDependencies(uses: Use[], list: MapNode, declared: Tree | undefined): void {
  const mentioned = new Set(uses.map((use) => use.name))
  for (const [name, { keyAt, value }] of list.entries) {
    const optional = value.kind === 'map' && textAt(value, 'required') === 'false' && get(declared, name)
    if (!optional && !mentioned.has(name)) uses.push({ name, at: keyAt, from: 'depends_on' })
  }
}

function unknownService(name: string, use: Use, input: CheckInput): Diagnostic | undefined {
  const declared = get(get(input.tree, 'services'), use.name)
  if (input.isActive(use.name)) return undefined
  if (declared) return switchedOff(name, use, profilesOf(declared))
  if (input.wasWritten('services', use.name)) return undefined
  const hint = input.meant(use.name, 'services', name)
  const message = `service "${name}" refers to the unknown service "${foreign(use.name)}" in ${use.from}`
  return error('unknown-service', message, { at: use.at, hint })
}

function switchedOff(name: string, use: Use, profiles: string[]): Diagnostic {
  const isOne = profiles.length === 1
  const message = `service "${name}" needs "${foreign(use.name)}", but its ${isOne ? 'profile' : 'profiles'} ${profiles.join(', ')} ${isOne ? 'is' : 'are'} not enabled`
  const same = `give "${name}" the same profile`
  const others = use.from === 'depends_on' ? `, ${same}, or set \`required: false\`` : ` or ${same}`
  return error('unknown-service', message, {
    at: use.at,
    hint: `enable it with --profile ${profiles[0]}${others}`,
  })
}

function unknownResources(name: string, service: MapNode, input: CheckInput): Diagnostic[] {
  const problems: Diagnostic[] = []
  const look = (section: string, use: Use) => {
    const problem = unknownResource(name, section, use, input)
    if (problem) problems.push(problem)
  }
  for (const use of keysOf(get(service, 'networks'), 'networks')) look('networks', use)
  for (const use of keysOf(get(service, 'models'), 'models')) look('models', use)
  for (const use of sourcesOf(get(service, 'volumes'), 'volume')) look('volumes', use)
  for (const use of sourcesOf(get(service, 'secrets'))) look('secrets', use)
  for (const use of sourcesOf(get(get(service, 'build'), 'secrets'))) look('secrets', use)
  for (const use of sourcesOf(get(service, 'configs'))) look('configs', use)
  return problems
}

function keysOf(node: Tree | undefined, from: string): Use[] {
  if (node?.kind !== 'map') return []
  return Array.from(node.entries, ([name, { keyAt }]) => ({
    name,
    at: keyAt,
    from,
  }))
}

/** The `source` of each item; `type` selects mounts of one type. */
function sourcesOf(list: Tree | undefined, type?: string): Use[] {
  if (list?.kind !== 'seq') return []
  return list.items.flatMap((item) => {
    const source = get(item, 'source')
    const counts = item.kind === 'map' && (type === undefined || textAt(item, 'type') === type)
    if (counts && source?.kind === 'scalar') return [{ name: textOf(source), at: source.at, from: '' }]
    return item.kind === 'map' && type === undefined ? [{ name: '', at: item.at, from: '' }] : []
  })
}

function unknownResource(name: string, section: string, use: Use, input: CheckInput): Diagnostic | undefined {
  if (get(get(input.tree, section), use.name) || input.wasWritten(section, use.name)) return undefined
  if (use.name === '') return nameless(name, section, use)
  const add = `add it under the top-level ${section}:`
  const near = input.meant(use.name, section)
  const hint = near?.startsWith('did') ? `${near} If not, ${add}` : add
  const message = `service "${name}" uses the ${section.slice(0, -1)} "${foreign(use.name)}", which is not declared`
  return error('unknown-resource', message, { at: use.at, hint })
}

function nameless(name: string, section: string, { at }: Use): Diagnostic {
  const hint = `add \`source:\` with the name of one of the top-level ${section}`
  return error('missing-key', `service "${name}" uses a ${section.slice(0, -1)} without a source`, { at, hint })
}
