import { type Diagnostic, error } from '../diagnostics/diagnostic.ts'
import { type ErrorContext, errorContextAt, type Finding } from './error-context.ts'
import { type Source, spanBetween } from './lines.ts'
import { CAUSES } from './syntax-causes.ts'

/** Explains a syntax error in plain words, with a hint, at its cause rather than at the position where the parser stopped. */
export function explainSyntaxError(from: Source, reason: string, position: number): Diagnostic {
  const context = errorContextAt(from, reason, position)
  for (const cause of CAUSES) {
    const finding = cause(context)
    if (finding) return problem(from, finding)
  }
  return problem(from, unexplained(context))
}

function problem(from: Source, { start, end, message, hint }: Finding): Diagnostic {
  return error('yaml-syntax', message, { at: spanBetween(from, start, end ?? start + 1), hint })
}

/** Plain explanations of the parser's errors. */
const REASONS: readonly [RegExp, string, string?][] = [
  [
    /missed comma|expected the node content, but found ','/,
    'this list has a missing or extra comma',
    'separate the values with single commas',
  ],
  [/nesting exceeded/, 'values are nested more than 200 levels deep'],
  [/hexadecimal/, 'this escape needs hexadecimal digits', 'write e.g. \\u00e9, or use single quotes for literal text'],
  [/line break is expected/, 'text follows the | or > of a block', 'start the text on the next line, indented'],
  [
    /directives end mark/,
    'a line that starts with % is a directive and needs `---` after it',
    'put the line in quotes, or remove it',
  ],
  [/separator is expected/, 'this line does not continue the line above it', 'check its indentation'],
  [/duplication of an? (?:tag|anchor)/, 'a value can have only one tag and one anchor'],
  [/tag/, 'this tag is malformed', 'put a value that starts with ! in quotes'],
  [/expected ':'|implicit key/, 'a key must be followed by a colon on its line'],
  [
    /deficient indentation/,
    'this line is indented less than the value it belongs to',
    'check the indentation, and that all quotes and brackets are closed',
  ],
  [
    /bad indentation|indent/,
    'the indentation of this line matches no line above it',
    'keys of one mapping, and items of one list, start in the same column',
  ],
]

function unexplained({ reason, position }: ErrorContext): Finding {
  const [, message, hint] = REASONS.find(([pattern]) => pattern.test(reason)) ?? []
  return { start: position, message: message ?? reason, ...(hint && { hint }) }
}
