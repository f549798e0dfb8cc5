import type { ScalarValue } from './tree.ts'

const NULL = /^(?:~|null|Null|NULL|)$/
const TRUE = /^(?:true|True|TRUE)$/
const FALSE = /^(?:false|False|FALSE)$/
const DECIMAL = /^[-+]?(?:0|[1-9][0-9_]*)$/
const PREFIXED = /^([-+]?)(0[xob][0-9a-f_]+)$/i
const OLD_OCTAL = /^([-+]?)0([0-7_]+)$/
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?$/
const INFINITE = /^([-+]?)\.(?:inf|Inf|INF)$/
const NOT_A_NUMBER = /^\.(?:nan|NaN|NAN)$/

/**
 * The value of a plain scalar: YAML 1.2's core schema, plus two features of the parser that `docker compose` uses
 * (go.yaml.in/yaml/v3, resolve.go): a leading zero means octal, and underscores separate digits. `yes`, `on` and dates stay strings.
 */
export function resolvePlain(text: string): ScalarValue {
  if (text.length <= LONGEST_WORD) {
    if (NULL.test(text)) return null
    if (TRUE.test(text)) return true
    if (FALSE.test(text)) return false
  }
  return mayBeNumber(text.charCodeAt(0)) ? (resolveNumber(text) ?? text) : text
}

/** The length of `false`. */
const LONGEST_WORD = 5

/** Whether a number may start with the character: digits and `+`, `-`, `.`. The range includes `,` and `/`, which start no number. */
function mayBeNumber(first: number): boolean {
  return first >= 0x2b && first <= 0x39
}

function resolveNumber(text: string): number | undefined {
  const digits = text.replaceAll('_', '')
  if (DECIMAL.test(text)) return Number(digits)
  const [, sign, prefixed] = PREFIXED.exec(digits) ?? OLD_OCTAL.exec(digits) ?? []
  if (prefixed !== undefined)
    return signed(sign, Number(/^0/.test(prefixed) && !/^0+$/.test(prefixed) ? prefixed : `0o${prefixed}`))
  if (FLOAT.test(text)) return Number.isFinite(Number(digits)) ? Number(digits) : undefined
  const infinite = INFINITE.exec(text)
  if (infinite) return signed(infinite[1], Number.POSITIVE_INFINITY)
  return NOT_A_NUMBER.test(text) ? Number.NaN : undefined
}

function signed(sign: string | undefined, value: number): number | undefined {
  if (Number.isNaN(value)) return undefined
  return sign === '-' ? -value : value
}

const DATE =
  /^\d{4}-\d{1,2}-\d{1,2}(?:(?:[Tt]|[ \t]+)\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d{1,2}(?::?\d{2})?))?)?$/

/** Whether a plain scalar is a timestamp for `docker compose` (yaml.org/type/timestamp.html). */
export function isDate(text: string): boolean {
  return text.length >= 8 && text.charCodeAt(4) === 0x2d && DATE.test(text)
}
