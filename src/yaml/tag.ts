import { type Diagnostic, error, warning } from '../diagnostics/diagnostic.ts'
import type { Span } from '../diagnostics/span.ts'
import { resolvePlain } from './scalars.ts'
import type { MergeTag, ScalarValue, Tree } from './tree.ts'

/** The effect of a tag on its value. */
export interface Tag {
  /** The node's merge tag: `{ tag: '!reset' }`, `{ tag: '!override' }` or empty. */
  steering: { tag?: MergeTag }
  /** Parses a scalar's value; by default, it is resolved like a plain scalar. */
  read?: (text: string) => ScalarValue
  check(value: ScalarValue, at: Span): Diagnostic[]
}

const SCALAR_TAGS: Readonly<Record<string, { noun: string; fits: (value: ScalarValue) => boolean }>> = {
  int: { noun: 'an integer', fits: Number.isInteger },
  float: { noun: 'a number', fits: (value) => typeof value === 'number' },
  bool: { noun: 'true or false', fits: (value) => typeof value === 'boolean' },
  null: { noun: 'null', fits: (value) => value === null },
}

const COLLECTION_TAGS: Record<string, Tree['kind']> = { map: 'map', seq: 'seq', omap: 'seq' }

const PLAIN: Tag = { steering: {}, check: () => [] }

const asWritten = (text: string) => text

/** Decodes base64 text; returns anything else unchanged. */
function binary(text: string): string {
  return /^[A-Za-z0-9+/=\s]*$/.test(text) ? Buffer.from(text, 'base64').toString('utf8') : text
}

/** Parses a tag (`!reset`, `!!str`, `!<tag:yaml.org,2002:int>`); an unknown one is ignored with a warning. */
export function readTag(written: string, kind: Tree['kind'], at: Span | undefined): { tag: Tag; problem?: Diagnostic } {
  if (written === '!reset' || written === '!override') return { tag: { ...PLAIN, steering: { tag: written } } }
  const standard = standardName(written)
  if (written === '!' || standard === 'str') return { tag: { ...PLAIN, read: asWritten } }
  if (standard === 'binary' && kind === 'scalar') return { tag: { ...PLAIN, read: binary } }
  if (standard !== undefined && COLLECTION_TAGS[standard] === kind) return { tag: PLAIN }
  const scalar = standard === undefined || kind !== 'scalar' ? undefined : SCALAR_TAGS[standard]
  return scalar
    ? { tag: { ...PLAIN, read: resolvePlain, check: checkFor(scalar) } }
    : { tag: PLAIN, problem: unknownTag(written, at) }
}

function standardName(written: string): string | undefined {
  return /^(?:!!|!<tag:yaml\.org,2002:)([a-z]+)>?$/.exec(written)?.[1]
}

function checkFor({ noun, fits }: { noun: string; fits: (value: ScalarValue) => boolean }): Tag['check'] {
  return (value, at) =>
    fits(value) ? [] : [error('wrong-type', `this value is not ${noun}, which its tag requires`, { at })]
}

function unknownTag(written: string, at: Span | undefined): Diagnostic {
  const hint = /^!r\w*$/i.test(written)
    ? 'did you mean "!reset"?'
    : /^!o\w*$/i.test(written)
      ? 'did you mean "!override"?'
      : 'the known tags are !reset and !override; put a string that starts with ! in quotes'
  return warning('yaml-unsupported', `unknown tag ${written}`, { at, hint })
}
