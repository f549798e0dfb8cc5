import type { Span } from '../../../diagnostics/span.ts'
import { isRemoteReference } from '../../../stack/remote-reference.ts'
import { get, type ScalarNode, type Tree } from '../../../yaml/tree.ts'
import { absolute } from '../../canonical/paths.ts'
import { valuesOf } from '../../tree/nodes.ts'
import { substitute } from '../../variable/substitute.ts'
import type { Variables } from '../../variable/variables.ts'

interface NamedFile {
  /** Absolute, except for an included one. */
  path: string
  at: Span
  required: boolean
}

interface Base {
  directory: string
  home: string | undefined
  variables: Variables
}

/** The local files that documents extend services of, those that they read variables from, and those that they include. */
export function namedFiles(documents: readonly Tree[], base: Base) {
  const services = documents.flatMap((document) => valuesOf(get(document, 'services')))
  const extended = services
    .flatMap((service) => named(get(get(service, 'extends'), 'file'), base.variables))
    .filter(({ path }) => !isRemoteReference(path))
  const envs = services.flatMap((service) => envFilesOf(get(service, 'env_file'), base.variables))
  const included = documents
    .flatMap((document) => itemsOf(get(document, 'include')))
    .flatMap((clause) =>
      itemsOf(clause.kind === 'map' ? get(clause, 'path') : clause).flatMap((path) => named(path, base.variables)),
    )
  const placed = (file: NamedFile) => ({ ...file, path: absolute(file.path, base.directory, base.home) })
  return { extended: extended.map(placed), envs: envs.map(placed), included }
}

function envFilesOf(tree: Tree | undefined, variables: Variables): NamedFile[] {
  return itemsOf(tree).flatMap((item) => {
    if (item.kind !== 'map') return named(item, variables)
    const required = get(item, 'required')
    const isOptional = required?.kind === 'scalar' && required.value === false
    return named(get(item, 'path'), variables).map((file) => ({ ...file, required: !isOptional }))
  })
}

function named(tree: Tree | undefined, variables: Variables): NamedFile[] {
  if (tree?.kind !== 'scalar' || tree.value === null || tree.value === '') return []
  const { value } = substitute(textOf(tree), (name) => variables.lookup(name)?.value)
  return [{ path: value, at: tree.at, required: true }]
}

function textOf({ text, value }: ScalarNode): string {
  return text ?? String(value)
}

/** The items of a list; a single value stands for a list of one. */
function itemsOf(tree: Tree | undefined): readonly Tree[] {
  return tree === undefined ? [] : tree.kind === 'seq' ? tree.items : [tree]
}
