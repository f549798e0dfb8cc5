import { type Diagnostic, isError } from '../../diagnostics/diagnostic.ts'
import type { Span } from '../../diagnostics/span.ts'
import { dependenciesOf } from '../../stack/dependencies.ts'
import type { Stack } from '../../stack/model.ts'
import { groupBy } from '../../util/object.ts'
import { get, type Tree } from '../../yaml/tree.ts'
import type { StackFiles } from '../file/stack-files.ts'
import type { Clash } from '../findings.ts'
import type { LoadInput } from '../input.ts'
import type { LoadState } from '../merge/context.ts'
import { textOf } from '../tree/nodes.ts'
import { contains } from '../tree/spans.ts'

/** Problems, sorted by whether they concern the services that a command selects. */
export interface SortedProblems {
  /** Problems of the whole stack or of selected services. */
  diagnostics: Diagnostic[]
  /** Problems of other services, and conflicts with the environment. */
  clashes: Clash[]
}

/** Problems of services that are not selected do not fail loading. A problem without a clear owner always counts. */
export function sortProblems(input: LoadInput, stack: Stack, { files, findings }: LoadState): SortedProblems {
  const { clashes, diagnostics } = findings
  const isSelected = selection(input, stack)
  const isFirm = ({ firm, service, other = service }: Clash) => firm && isSelected(service) && isSelected(other)
  const strict = input.options?.strict ?? 'selected'
  const firm = new Set(strict === 'selected' ? clashes.filter(isFirm) : [])
  const serious = [...diagnostics, ...[...firm].map(({ problem }) => problem)]
  const others = clashes.filter((clash) => !firm.has(clash))
  if (strict === 'files' || isSelected === EVERY) return { diagnostics: serious, clashes: others }
  const owners = ownersIn({ files, findings })
  const owned = serious.map((problem) => [problem, isError(problem) ? owners(problem) : []] as const)
  const passed = owned.filter(([, services]) => services.length > 0 && !services.some(isSelected))
  const moved = passed.flatMap(([problem, [service = '']]): Clash[] => [{ service, problem, firm: true }])
  const passedOver = new Set(passed.map(([problem]) => problem))
  return { diagnostics: serious.filter((each) => !passedOver.has(each)), clashes: [...others, ...moved] }
}

const EVERY = () => true

/** The named services with all their dependencies, existing or not. */
function selection({ named = [], options }: LoadInput, { services }: Stack): (service: string) => boolean {
  if (options?.strict === 'none') return () => false
  if (named.length === 0) return EVERY
  const selected = new Set<string>()
  const open = [...named]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (selected.has(name)) continue
    selected.add(name)
    if (!options?.noDeps) open.push(...dependenciesOf(services[name] ?? {}).map((edge) => edge.service))
  }
  return (service) => selected.has(service)
}

/** Finding the owners of more problems would be slow; beyond this number, every problem counts. */
const MOST_LOOKED_UP = 200

/** Finds the services whose definitions contain a problem; none if it is shared or the file is not valid YAML. */
function ownersIn({ files, findings }: LoadState): (problem: Diagnostic) => string[] {
  const definitions = definitionsIn(files)
  const extenders = groupBy(definitions, ({ node }) => extendedBy(node))
  if (findings.diagnostics.filter(isError).length > MOST_LOOKED_UP) return () => []
  return ({ code, at }) => {
    const isBorrowed = at && files.borrowed.has(at.file)
    if (!at || (code.startsWith('yaml-') && !isBorrowed)) return []
    const isOwner = isBorrowed
      ? ({ node }: Definition) => get(get(node, 'extends'), 'file') !== undefined
      : ({ node, keyAt }: Definition) => contains(keyAt, at) || holds(node, at)
    return withExtenders(new Set(definitions.filter(isOwner).map(({ name }) => name)), extenders)
  }
}

interface Definition {
  name: string
  node: Tree
  keyAt: Span
}

/** Definitions of the stack's services, without files that are only used by `extends`. */
function definitionsIn({ interpolated, borrowed }: StackFiles): Definition[] {
  return interpolated
    .filter(({ at }) => !borrowed.has(at.file))
    .flatMap((document) => {
      const services = get(document, 'services')
      if (services?.kind !== 'map') return []
      return Array.from(services.entries, ([name, { keyAt, value }]) => ({ name, node: value, keyAt }))
    })
}

/** Whether a span is inside a tree; aliased values have the span of their anchor. */
function holds(node: Tree, at: Span): boolean {
  if (contains(node.at, at)) return true
  if (node.kind === 'seq') return node.items.some((item) => holds(item, at))
  if (node.kind !== 'map') return false
  return [...node.entries.values()].some(({ keyAt, value }) => contains(keyAt, at) || holds(value, at))
}

/** Adds the services that extend the owners: they inherit the problem. */
function withExtenders(owners: Iterable<string>, extenders: ReadonlyMap<string, readonly Definition[]>): string[] {
  const reached = new Set(owners)
  for (const owner of reached) for (const { name } of extenders.get(owner) ?? []) reached.add(name)
  return [...reached]
}

function extendedBy(service: Tree): string {
  const clause = get(service, 'extends')
  const wanted = get(clause, 'service') ?? clause
  return wanted?.kind === 'scalar' ? textOf(wanted) : ''
}

/** The stack without the services that were skipped because of their problems. */
export function usablePart({ named, options }: LoadInput, stack: Stack, files: StackFiles, clashes: Clash[]): Stack {
  if (options?.strict === 'none') return withNames(stack, files)
  return named?.length && options?.strict !== 'files' ? withoutBroken(stack, files, clashes) : stack
}

/** Marks services that were skipped because of problems as inactive. */
function withoutBroken(stack: Stack, files: StackFiles, clashes: readonly Clash[]): Stack {
  const broken = new Set(clashes.flatMap(({ firm, other, service }) => (firm && other === undefined ? [service] : [])))
  const services = Object.entries(stack.services)
  const off = services.filter(([name]) => broken.has(name))
  return {
    ...stack,
    services: Object.fromEntries(services.filter(([name]) => !broken.has(name))),
    inactive: { ...cutOut(files, broken), ...stack.inactive, ...Object.fromEntries(off) },
  }
}

/** Adds the names of services whose definitions are unusable. */
function withNames(stack: Stack, files: StackFiles): Stack {
  const names = new Set(definitionsIn(files).map(({ name }) => name))
  for (const name of Object.keys(stack.inactive)) names.delete(name)
  return { ...stack, services: { ...cutOut(files, names), ...stack.services } }
}

function cutOut(files: StackFiles, names: ReadonlySet<string>): Stack['services'] {
  const cut = definitionsIn(files).filter(({ name }) => names.has(name))
  return Object.fromEntries(cut.map(({ name }) => [name, {}]))
}
