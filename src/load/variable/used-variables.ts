import { recoverYamlDocuments } from '../../yaml/parse.ts'
import { get, getIn, type Tree } from '../../yaml/tree.ts'
import { valuesOf } from '../tree/nodes.ts'
import { type VariableUse, variablesIn } from './variable-use.ts'
import type { Variables } from './variables.ts'

/** A variable that stack files use, with its value on this machine. */
export interface UsedVariable extends VariableUse {
  value?: string
  /** Where the value comes from: `environment`, or an env file with its line. */
  from?: string
}

/** Every variable that files use, sorted by name: by interpolation, or by passing it on by name. */
export function usedVariables(texts: Iterable<readonly [file: string, text: string]>, variables: Variables) {
  const uses = new Map<string, UsedVariable>()
  for (const [file, text] of texts) {
    for (const document of recoverYamlDocuments(text, file).documents ?? []) {
      for (const use of [...variablesIn(document), ...passedOn(document)])
        uses.set(use.name, { ...use, ...uses.get(use.name), ...variables.lookup(use.name) })
    }
  }
  return [...uses.values()].sort((one, other) => (one.name < other.name ? -1 : 1))
}

/** Variables that a file names without a dollar sign. */
function passedOn(document: Tree): VariableUse[] {
  const services = valuesOf(get(document, 'services'))
  const environments = services.flatMap((service) => [
    getIn(service, ['environment']),
    getIn(service, ['build', 'args']),
  ])
  const contents = ['secrets', 'configs'].flatMap((section) =>
    valuesOf(get(document, section)).map((each) => get(each, 'environment')),
  )
  const names = [...environments.flatMap(openNames), ...contents.map(textOf)]
  return names.filter((name) => name !== undefined).map((name) => ({ name, required: false }))
}

/** Names without a value, in either form of an environment. */
function openNames(tree: Tree | undefined): (string | undefined)[] {
  if (tree?.kind === 'seq') return tree.items.map(textOf).filter((text) => !text?.includes('='))
  if (tree?.kind !== 'map') return []
  return [...tree.entries].flatMap(([name, { value }]) =>
    value.kind === 'scalar' && value.value === null ? [name] : [],
  )
}

function textOf(tree: Tree | undefined): string | undefined {
  return tree?.kind === 'scalar' && typeof tree.value === 'string' ? tree.value : undefined
}
