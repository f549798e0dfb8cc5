import { type Diagnostic, error } from '../../diagnostics/diagnostic.ts'
import { get, type MapNode, type Tree } from '../../source/tree.ts'
import { mentions } from '../implied.ts'
import { textAt, textOf } from '../nodes.ts'
import { profilesOf } from '../profiles.ts'
import { didYouMean } from '../suggest.ts'
import type { Subject } from './subject.ts'

/** Services and resources that are named by active services but not declared. */
export function checkReferences(subject: Subject): Diagnostic[] {
  return subject.active.flatMap(([name, service]) => [
    ...unknownServices(name, service, subject),
    ...unknownResources(name, service, subject),
  ])
}

interface Use {
  name: string
  node: Tree
  from: string
}

function unknownServices(name: string, service: MapNode, subject: Subject): Diagnostic[] {
  const uses = mentions(service).map(({ service: used, node, from }) => ({ name: used, node, from }))
  const mentioned = new Set(uses.map((use) => use.name))
  const explicit = dependencies(service).filter((use) => !mentioned.has(use.name))
  return [...uses, ...explicit].flatMap((use) => unknownService(name, use, subject) ?? [])
}

/** `depends_on` without what may be missing. */
function dependencies(service: MapNode): Use[] {
  const list = get(service, 'depends_on')
  if (list?.kind !== 'map') return []
  const required = [...list.entries].filter(
    ([, { value }]) => value.kind !== 'map' || textAt(value, 'required') !== 'false',
  )
  return required.map(([name, { keyAt, value }]) => ({ name, node: { ...value, at: keyAt }, from: 'depends_on' }))
}

function unknownService(name: string, use: Use, subject: Subject): Diagnostic | undefined {
  const declared = get(get(subject.tree, 'services'), use.name)
  if (subject.isActive(use.name)) return undefined
  if (declared) return switchedOff(name, use, profilesOf(declared))
  if (subject.wasWritten(['services', use.name])) return undefined
  const hint = didYouMean(use.name, subject.namesOf('services'), name)
  const message = `service "${name}" names "${use.name}" in ${use.from}, but no such service is declared`
  return error('unknown-service', message, { at: use.node.at, hint })
}

function switchedOff(name: string, use: Use, profiles: string[]): Diagnostic {
  const message = `service "${name}" needs "${use.name}", which is switched off by its ${profiles.length === 1 ? 'profile' : 'profiles'} ${profiles.join(', ')}`
  const optional = use.from === 'depends_on' ? ', or say `required: false`' : ''
  return error('unknown-service', message, {
    at: use.node.at,
    hint: `switch it on with --profile ${profiles[0]}, give "${name}" the same profile${optional}`,
  })
}

function unknownResources(name: string, service: MapNode, subject: Subject): Diagnostic[] {
  const uses: [section: string, uses: Use[]][] = [
    ['networks', keysOf(get(service, 'networks'))],
    ['volumes', sourcesOf(get(service, 'volumes'), (mount) => textAt(mount, 'type') === 'volume')],
    ['secrets', [...sourcesOf(get(service, 'secrets')), ...sourcesOf(get(get(service, 'build'), 'secrets'))]],
    ['configs', sourcesOf(get(service, 'configs'))],
  ]
  return uses.flatMap(([section, all]) => all.flatMap((use) => unknownResource(name, section, use, subject) ?? []))
}

function keysOf(node: Tree | undefined): Use[] {
  if (node?.kind !== 'map') return []
  return [...node.entries].map(([name, { keyAt, value }]) => ({
    name,
    node: { ...value, at: keyAt },
    from: 'networks',
  }))
}

function sourcesOf(list: Tree | undefined, counts: (item: MapNode) => boolean = () => true): Use[] {
  const items = list?.kind === 'seq' ? list.items : []
  return items.flatMap((item) => {
    const source = get(item, 'source')
    return item.kind === 'map' && counts(item) && source?.kind === 'scalar'
      ? [{ name: textOf(source), node: source, from: '' }]
      : []
  })
}

function unknownResource(name: string, section: string, use: Use, subject: Subject): Diagnostic | undefined {
  if (get(get(subject.tree, section), use.name) || subject.wasWritten([section, use.name])) return undefined
  const add = `add it under the top-level ${section}:`
  const near = didYouMean(use.name, subject.namesOf(section))
  const hint = near?.startsWith('did') ? `${near} If not, ${add}` : add
  const message = `service "${name}" uses the ${section.slice(0, -1)} "${use.name}", which is not declared`
  return error('unknown-resource', message, { at: use.node.at, hint })
}
