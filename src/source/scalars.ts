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
 * What the characters of a plain scalar stand for: YAML 1.2's core schema, with the two habits of the parser that
 * `docker compose` uses (go.yaml.in/yaml/v3, resolve.go): a leading zero means octal and underscores separate digits.
 * `yes`, `on` and dates stay strings.
 */
export function resolvePlain(text: string): ScalarValue {
  if (NULL.test(text)) return null
  if (TRUE.test(text)) return true
  if (FALSE.test(text)) return false
  return /^[-+.0-9]/.test(text) ? (resolveNumber(text) ?? text) : text
}

function resolveNumber(text: string): number | undefined {
  const digits = text.replaceAll('_', '')
  if (DECIMAL.test(text)) return Number(digits)
  const [, sign, prefixed] = PREFIXED.exec(digits) ?? OLD_OCTAL.exec(digits) ?? []
  if (prefixed !== undefined)
    return signed(sign, Number(/^0/.test(prefixed) && !/^0+$/.test(prefixed) ? prefixed : `0o${prefixed}`))
  if (FLOAT.test(text)) return Number(digits)
  const infinite = INFINITE.exec(text)
  if (infinite) return signed(infinite[1], Number.POSITIVE_INFINITY)
  return NOT_A_NUMBER.test(text) ? Number.NaN : undefined
}

function signed(sign: string | undefined, value: number): number | undefined {
  if (Number.isNaN(value)) return undefined
  return sign === '-' ? -value : value
}
