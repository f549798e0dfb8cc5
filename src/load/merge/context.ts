import type { Span } from '../../diagnostics/span.ts'
import type { Quota } from '../file/quota.ts'
import type { StackFiles } from '../file/stack-files.ts'
import type { Findings } from '../findings.ts'
import type { LoadOptions } from '../input.ts'
import type { Room } from '../variable/substitute.ts'
import type { Variables } from '../variable/variables.ts'
import type { Form } from './form.ts'
import type { ScalarsForLists } from './scalar-for-list.ts'
import type { Trace } from './trace.ts'

/** What files say, and the problems that were found in them so far. */
export interface LoadState {
  files: StackFiles
  findings: Findings
}

/** What all models of one load share. */
export interface Loading extends LoadState {
  options: LoadOptions
  home: string | undefined
  /** Absolute; the directory of the outermost model. */
  root: string
  form: Form
  scalars: ScalarsForLists
  /** For what variables bring into all documents. */
  room: Room
  /** For values that services take over by `extends`: each takes those of every one above it, which adds up in a long row. */
  inherited: Quota
  /** The variables of included models, by where the `environment` of one of their secrets or configs stands. */
  included: Map<Span, Variables>
  trace: Trace | undefined
}

/** One model: the stack's own, or one that it includes, which has a directory and variables of its own. */
export interface ModelContext extends Loading {
  /** Absolute; where relative paths start. */
  directory: string
  variables: Variables
  /** The files being loaded, outermost first, each with the place that asked for it. */
  chain: readonly { file: string; at?: Span }[]
}

export function isIncluded({ chain }: Pick<ModelContext, 'chain'>): boolean {
  return chain.length > 1
}
