import { TemplateFault } from './fault.ts'

/** `at`: the offset in the template's text. */
export interface Token {
  kind: 'text' | 'open' | 'close' | 'space' | 'word' | 'field' | 'variable' | 'string' | 'char' | 'number' | 'sign'
  text: string
  at: number
}

const OPEN = '{{'
const CLOSE = '}}'
const SPACE = /[ \t\r\n]/

/**
 * Splits a template of Go (https://pkg.go.dev/text/template) into tokens: text, and the tokens between `{{` and `}}`. Drops
 * comments, and the white space that `{{-` and `-}}` trim. Throws TemplateFault.
 */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  let trimsNext = false
  while (at < source.length) {
    const open = source.indexOf(OPEN, at)
    const end = open < 0 ? source.length : open
    const trimsBefore = open >= 0 && isTrim(source, open + 2)
    const text = trimmed(unescaped(source.slice(at, end)), trimsNext, trimsBefore)
    if (text !== '') tokens.push({ kind: 'text', text, at })
    if (open < 0) break
    const start = open + 2 + (trimsBefore ? 2 : 0)
    const action = source.startsWith('/*', start) ? comment(source, start) : actionTokens(source, start, open)
    tokens.push(...action.tokens)
    at = action.end
    trimsNext = action.trims
  }
  return tokens
}

/** As in docker, `\t` and `\n` between the actions and in raw strings mean a tab and a line end. */
export function unescaped(text: string): string {
  return text.replaceAll('\\t', '\t').replaceAll('\\n', '\n')
}

/** A dash trims only if white space follows it inside the action: `{{-3}}` is a number. */
function isTrim(source: string, at: number): boolean {
  return source[at] === '-' && SPACE.test(source[at + 1] ?? '')
}

function trimmed(text: string, start: boolean, end: boolean): string {
  const begun = start ? text.replace(/^[ \t\r\n]+/, '') : text
  return end ? begun.replace(/[ \t\r\n]+$/, '') : begun
}

interface Action {
  tokens: Token[]
  /** The offset after the closing delimiter. */
  end: number
  trims: boolean
}

function comment(source: string, start: number): Action {
  const end = source.indexOf('*/', start)
  if (end < 0) throw new TemplateFault('a comment is not closed', start, 'comments are written {{/* … */}}')
  const after = closing(source, end + 2)
  if (!after) throw new TemplateFault('a comment ends before the closing delimiter', end)
  return { tokens: [], ...after }
}

/** The closing delimiter at an offset, if there is one. */
function closing(source: string, at: number): { end: number; trims: boolean } | undefined {
  if (source.startsWith(CLOSE, at)) return { end: at + 2, trims: false }
  const trims = SPACE.test(source[at] ?? '') && source.startsWith('-}}', at + 1)
  return trims ? { end: at + 4, trims } : undefined
}

function actionTokens(source: string, start: number, open: number): Action {
  const tokens: Token[] = [{ kind: 'open', text: OPEN, at: open }]
  let at = start
  for (;;) {
    const end = closing(source, at)
    if (end) return { tokens: [...tokens, { kind: 'close', text: CLOSE, at }], ...end }
    if (at >= source.length) throw new TemplateFault('an action is not closed', open, 'an action ends with }}')
    const token = next(source, at)
    tokens.push(token)
    at += token.text.length
  }
}

type Row = [Token['kind'], RegExp]

const WORD = '[\\p{L}_][\\p{L}\\p{Nd}_]*'

const ROWS: Row[] = [
  ['space', /[ \t\r\n](?:(?! -\}\})[ \t\r\n])*/uy],
  ['string', /"(?:[^"\\\n]|\\[^\n])*"|`[^`]*`/uy],
  ['char', /'(?:[^'\\\n]|\\[^\n]+?)'/uy],
  ['number', /[+-]?(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/uy],
  ['field', new RegExp(`\\.${WORD}`, 'uy')],
  ['variable', new RegExp(`\\$(?:${WORD})?`, 'uy')],
  ['word', new RegExp(WORD, 'uy')],
  ['sign', /:=|[|(),=.]/uy],
]

/** Words, fields, variables and numbers end before one of these. */
const ENDS = /^(?:$|[ \t\r\n.,|:=()]|\}\})/
const MUST_END: ReadonlySet<string> = new Set(['field', 'variable', 'word', 'number', 'char'])

function next(source: string, at: number): Token {
  for (const [kind, pattern] of ROWS) {
    pattern.lastIndex = at
    const text = pattern.exec(source)?.[0]
    if (text === undefined) continue
    const after = source.slice(at + text.length, at + text.length + 2)
    if (MUST_END.has(kind) && !ENDS.test(after)) throw cannotStand(source, at + text.length)
    return { kind, text, at }
  }
  throw strange(source, at)
}

function strange(source: string, at: number): TemplateFault {
  const quote = source[at]
  const open = 'a quoted string is not closed'
  if (quote === '"') return new TemplateFault(open, at, 'it ends on the same line with "')
  return quote === '`' ? new TemplateFault(open, at, 'it ends with `') : cannotStand(source, at)
}

function cannotStand(source: string, at: number): TemplateFault {
  return new TemplateFault(`"${String.fromCodePoint(source.codePointAt(at) ?? 0)}" cannot stand here`, at)
}
