import type { Span } from '../../diagnostics/span.ts'
import type { Quota } from '../file/quota.ts'
import type { StackFiles } from '../file/stack-files.ts'
import type { Findings } from '../findings.ts'
import type { LoadOptions, RemoteFiles } from '../input.ts'
import type { Room } from '../variable/substitute.ts'
import type { Variables } from '../variable/variables.ts'
import type { Form } from './form.ts'
import type { ScalarsForLists } from './scalar-for-list.ts'
import type { Trace } from './trace.ts'

/** The files read, and the problems found in them so far. */
export interface LoadState {
  files: StackFiles
  findings: Findings
}

/** Shared by all models of one load. */
export interface Loading extends LoadState {
  options: LoadOptions
  home: string | undefined
  remotes: RemoteFiles
  /** Absolute; the directory of the outermost model. */
  root: string
  form: Form
  scalars: ScalarsForLists
  /** Limits the text that interpolation produces in all documents. */
  room: Room
  /** Limits the values that services inherit by `extends`: in a long chain, each service inherits the values of all its ancestors. */
  inherited: Quota
  /** The variables of included models, by the span of the `environment` of one of their secrets or configs. */
  included: Map<Span, Variables>
  trace: Trace | undefined
}

/** One model: the stack's own, or an included one with a separate directory and variables. */
export interface ModelContext extends Loading {
  /** Absolute; the base of relative paths. */
  directory: string
  variables: Variables
  /** The files being loaded, outermost first, each with the place that includes it. */
  chain: readonly { file: string; at?: Span }[]
}

export function isIncluded({ chain }: Pick<ModelContext, 'chain'>): boolean {
  return chain.length > 1
}
