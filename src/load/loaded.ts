import type { Span } from '../diagnostics/span.ts'
import { Graph } from '../graph/graph.ts'
import { dependenciesOf } from '../stack/dependencies.ts'
import type { Origin, Stack } from '../stack/model.ts'
import type { Sensitive } from '../stack/sensitive.ts'
import { get, type MapNode } from '../yaml/tree.ts'
import type { Clash } from './findings.ts'
import type { LoadInput } from './input.ts'
import type { ModelContext } from './merge/context.ts'
import type { Trace } from './merge/trace.ts'
import { type Contents, variableOf } from './model/contents.ts'
import { withoutSecretsOf } from './report.ts'
import { collectSensitive } from './sensitive.ts'
import { spanFinder } from './tree/spans.ts'

export interface Loaded {
  stack: Stack
  /** Active services and their dependencies (see stack/dependencies.ts). */
  graph: Graph<string>
  /** The canonical tree, with the span of every value. */
  tree: MapNode
  clashes: Clash[]
  sensitive: Sensitive
  /** The span of a dotted model path, or of its nearest parent if the path itself was not written. */
  spanOf(path: string): Span | undefined
  /** The value of the variable with a secret's or config's content, in the model that declares it. */
  variableOf(section: 'secrets' | 'configs', name: string): string | undefined
  /** Texts of the files read, for showing source lines. */
  sources: ReadonlyMap<string, string>
  /** Present only if the options request it. */
  trace?: Trace
}

interface Parts {
  stack: Stack
  tree: MapNode
  contents: Contents
  clashes: readonly Clash[]
}

export function loadedFrom({ stack, tree, contents, clashes }: Parts, context: ModelContext): Loaded {
  const { files, variables, trace } = context
  return {
    stack,
    graph: graphOf(stack),
    tree,
    clashes: maskedClashes(clashes, context),
    sensitive: collectSensitive(tree, contents, variables, files.texts.values()),
    spanOf: spanFinder(tree),
    sources: files.texts,
    variableOf: (section, name) => {
      const object = get(get(tree, section), name)
      return object?.kind === 'map' ? variableOf(object, context) : undefined
    },
    ...(trace && { trace }),
  }
}

function maskedClashes(clashes: readonly Clash[], context: ModelContext): Clash[] {
  const problems = withoutSecretsOf(
    clashes.map(({ problem }) => problem),
    context,
  )
  return clashes.map((clash, index) => ({ ...clash, problem: problems[index] ?? clash.problem }))
}

export function graphOf({ services }: Stack): Graph<string> {
  return new Graph(
    Object.entries(services).map(([name, service]) => [name, dependenciesOf(service).map((edge) => edge.service)]),
  )
}

export function originOf({ files, envFiles }: LoadInput, { directory }: ModelContext): Origin {
  return { workingDir: directory, configFiles: files, ...(envFiles.length > 0 && { envFiles }) }
}
