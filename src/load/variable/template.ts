/** The operators of a braced expression, longest first (Compose Specification, "12-interpolation"). */
const OPERATORS = [':-', ':?', ':+', '-', '?', '+'] as const

type Operator = (typeof OPERATORS)[number]

/** `$NAME`, `${NAME}` or `${NAME<operator>argument}`; offsets are into the whole template. */
export interface Expression {
  name: string
  operator?: Operator
  argument: TemplatePart[]
  start: number
  end: number
}

export type TemplatePart = string | Expression

export interface TemplateProblem {
  code: 'interpolation-syntax' | 'variable-required'
  message: string
  hint: string
  start: number
  end: number
}

export interface Template {
  parts: TemplatePart[]
  problems: TemplateProblem[]
}

/** The maximum nesting of expressions: far more than anyone can read. */
const DEEPEST = 50

/** Splits a text at its `$`. Never throws; an invalid expression is reported as a problem and evaluates to nothing. */
export function parseTemplate(text: string): Template {
  const problems: TemplateProblem[] = []
  const parts = parseParts({ text, problems, closing: closingBraces(text) }, 0, text.length, 0)
  return { parts, problems }
}

interface Scan {
  text: string
  problems: TemplateProblem[]
  /** The closing brace of each opening brace. */
  closing: ReadonlyMap<number, number>
}

interface Parsed {
  part?: TemplatePart
  /** The offset after the parsed part. */
  end: number
}

function parseParts(scan: Scan, from: number, to: number, depth: number): TemplatePart[] {
  const parts: TemplatePart[] = []
  let at = from
  while (at < to) {
    const dollar = scan.text.indexOf('$', at)
    if (dollar < 0 || dollar >= to) break
    if (dollar > at) parts.push(scan.text.slice(at, dollar))
    const { part, end } = parseDollar(scan, dollar, to, depth)
    if (part !== undefined) parts.push(part)
    at = end
  }
  if (at < to) parts.push(scan.text.slice(at, to))
  return parts
}

function parseDollar(scan: Scan, dollar: number, to: number, depth: number): Parsed {
  const next = dollar + 1 < to ? scan.text[dollar + 1] : undefined
  if (next === '$') return { part: '$', end: dollar + 2 }
  if (next === '{') return parseBraced(scan, dollar, to, depth)
  const name = nameAt(scan.text, dollar + 1, to)
  // Compose keeps a dollar sign without a name after it: `$(date)`, `$1`, `^a$`.
  if (name === '') return { part: '$', end: dollar + 1 }
  const end = dollar + 1 + name.length
  return { part: { name, argument: [], start: dollar, end }, end }
}

function parseBraced(scan: Scan, dollar: number, to: number, depth: number): Parsed {
  const close = scan.closing.get(dollar + 1) ?? to
  if (close >= to) return bad(scan, { start: dollar, end: to }, 'the closing } is missing', UNCLOSED)
  const end = close + 1
  if (depth === DEEPEST)
    return bad(scan, { start: dollar, end }, `expressions are nested more than ${DEEPEST} levels deep`)
  const name = nameAt(scan.text, dollar + 2, close)
  if (name === '') return bad(scan, { start: dollar, end }, 'a variable name starts with a letter or _')
  const afterName = dollar + 2 + name.length
  if (afterName === close) return { part: { name, argument: [], start: dollar, end }, end }
  const operator = OPERATORS.find((each) => scan.text.startsWith(each, afterName))
  if (!operator) return bad(scan, { start: dollar, end }, `"${scan.text[afterName]}" cannot follow the name ${name}`)
  const argument = parseParts(scan, Math.min(close, afterName + operator.length), close, depth + 1)
  return { part: { name, operator, argument, start: dollar, end }, end }
}

/** Braces nest, with or without a `$`. Computed once, since a text may contain tens of thousands. */
function closingBraces(text: string): ReadonlyMap<number, number> {
  const closing = new Map<number, number>()
  const open: number[] = []
  for (const { 0: brace, index } of text.matchAll(/[{}]/g)) {
    if (brace === '{') open.push(index)
    else {
      const opened = open.pop()
      if (opened !== undefined) closing.set(opened, index)
    }
  }
  return closing
}

function nameAt(text: string, from: number, to: number): string {
  const name = /[A-Za-z_][A-Za-z0-9_]*/y
  name.lastIndex = from
  return (name.exec(text)?.[0] ?? '').slice(0, to - from)
}

const LITERAL = 'write $$ for a literal dollar sign'
const UNCLOSED = `close it with }, or ${LITERAL}`

function bad({ text, problems }: Scan, at: { start: number; end: number }, reason: string, hint = LITERAL): Parsed {
  const { start, end } = at
  const name = nameAt(text, start + 2, end)
  // The text after the name may be a secret, or unrelated lines.
  const written = `\${${name}${start + 2 + name.length < end ? '…' : ''}`
  const message = `invalid variable expression \`${written}\`: ${reason}`
  problems.push({ code: 'interpolation-syntax', message, hint, start, end })
  return { end }
}
