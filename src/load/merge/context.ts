import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Span } from '../../diagnostics/span.ts'
import type { Tree } from '../../yaml/tree.ts'
import type { Disk } from '../file/disk.ts'
import type { Clash, LoadOptions } from '../loaded.ts'
import type { ShapeProblem } from '../schema/shape-problems.ts'
import type { Report } from '../tree/rewrite.ts'
import { newRoom, type Room } from '../variable/interpolate.ts'
import type { Variables } from '../variable/variables.ts'
import type { Form } from './form.ts'
import { newTrace, type Trace } from './trace.ts'

/** What the phases of one model share. An included model has a directory and variables of its own. */
export interface Scope {
  disk: Disk
  stdin: string | undefined
  home: string | undefined
  /** Absolute; where relative paths start. */
  directory: string
  /** Absolute; the directory of the outermost model. */
  root: string
  options: LoadOptions
  form: Form
  variables: Variables
  report: Report
  /** Where problems of shape go, if not to `report`: of a file that is only extended from, those of extended services count. */
  setAside?: (problems: readonly ShapeProblem[]) => void
  journal: Journal
  /** The files being loaded, outermost first, each with the place that asked for it. */
  chain: readonly { file: string; at?: Span }[]
}

/** More than anyone reads; finding words for tens of thousands takes seconds. */
export const MOST_PROBLEMS = 100

/** What one run of load has seen, for all its models. */
export interface Journal {
  diagnostics: Diagnostic[]
  /** Problems of single services. */
  clashes: Clash[]
  /** How many problems were found beyond MOST_PROBLEMS of one file. */
  untold: number
  /** How many characters of files were taken in, a file that several include each time. */
  taken: number
  /** How many values services took over by `extends`. */
  extended: number
  /** For what variables bring into all documents. */
  room: Room
  /** Texts of the files read, by path. */
  texts: Map<string, string>
  /** Parsed documents by file, before interpolation; undefined where a file cannot be read or parsed. */
  parsed: Map<string, Tree[] | undefined>
  /** Interpolated documents with everything in them, also what was found wrong and taken out later. */
  written: Tree[]
  /** Files of which nothing but services is taken, by `extends`. */
  borrowed: Set<string>
  /** Single values where lists belong, by place, until they meet one (lone.ts). */
  lone: Map<Span, Diagnostic>
  /** What included models know for the `environment` of their secrets and configs, by where that stands. */
  included: Map<Span, Variables>
  /** Some file could not be taken in, so that names may seem missing that are not. */
  incomplete: boolean
  trace?: Trace
}

export function newJournal({ trace }: LoadOptions = {}): Journal {
  const journal = {
    diagnostics: [],
    clashes: [],
    untold: 0,
    taken: 0,
    extended: 0,
    room: newRoom(),
    texts: new Map(),
    parsed: new Map(),
    written: [],
    borrowed: new Set<string>(),
    lone: new Map(),
    included: new Map<Span, Variables>(),
    incomplete: false,
  }
  return trace ? { ...journal, trace: newTrace() } : journal
}
