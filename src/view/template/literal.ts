import { TemplateFault } from './fault.ts'
import { Float } from './node.ts'
import { type Token, unescaped } from './token.ts'

/** The value of a string, a character (its code point) or a number in Go's syntax. Throws TemplateFault. */
export function literalOf({ kind, text, at }: Token): string | number | Float {
  if (kind === 'number') return numberOf(text, at)
  if (kind === 'char') return unquoted(text, at).codePointAt(0) ?? 0
  return text.startsWith('`') ? unescaped(text.slice(1, -1)) : unquoted(text, at)
}

function numberOf(text: string, at: number): number | Float {
  const plain = text.replaceAll('_', '').replace(/^\+/, '')
  const octal = /^-?0\d+$/.test(plain) ? plain.replace(/0/, '0o') : plain
  const negative = octal.startsWith('-')
  const value = negative ? -Number(octal.slice(1)) : Number(octal)
  if (Number.isNaN(value)) throw new TemplateFault(`${text} is not a number`, at)
  if (/^-?0[xob]/i.test(octal)) return safe(value, text, at)
  return /[.e]/i.test(octal) ? new Float(value) : safe(value, text, at)
}

function safe(value: number, text: string, at: number): number {
  if (!Number.isSafeInteger(value)) throw new TemplateFault(`${text} is too large`, at)
  return value
}

const SIMPLE: Readonly<Record<string, string>> = {
  ...{ a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
  ...{ '\\': '\\', "'": "'", '"': '"' },
}

const ESCAPE = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|(.))/gsu

function unquoted(text: string, at: number): string {
  return text.slice(1, -1).replace(ESCAPE, (whole, byte, short, long, octal, letter) => {
    const hex = byte ?? short ?? long
    const code = hex !== undefined ? Number.parseInt(hex, 16) : octal !== undefined ? Number.parseInt(octal, 8) : -1
    if (code > LAST_CODE_POINT) throw new TemplateFault(`${whole} is not a character`, at)
    if (code >= 0) return String.fromCodePoint(code)
    const simple = SIMPLE[letter]
    if (simple === undefined) throw new TemplateFault(`${whole} is not an escape`, at, 'a backslash is written \\\\')
    return simple
  })
}

const LAST_CODE_POINT = 0x10ffff
