import { Float } from './node.ts'
import { quoted } from './quote.ts'
import { floatText, isList, printed, Struct, typeOf, type Value } from './value.ts'

const MOST_WIDTH = 10_000
const VERB = /%([-+# 0]*)(\*|\d+)?(?:\.(\*|\d+)?)?(.)?/gsu

interface Spec {
  flags: string
  width: number | undefined
  precision: number | undefined
}

/** Go's fmt.Sprintf with the verbs v, s, q, d, b, o, x, X, c, U, e, f, g, t and T. Prints errors as Go does: `%!d(string=x)`. */
export function printf(format: string, args: readonly Value[]): string {
  let used = 0
  const take = () => args[used++]
  const text = format.replace(VERB, (whole: string, flags: string, width, precision, verb) => {
    if (verb === undefined) return '%!(NOVERB)'
    if (verb === '%') return '%'
    const spec = {
      flags,
      width: sizeOf(width, take),
      precision: whole.includes('.') ? (sizeOf(precision, take) ?? 0) : undefined,
    }
    if (used >= args.length) return `%!${verb}(MISSING)`
    return formatted(take(), verb, spec)
  })
  return used < args.length ? text + extra(args.slice(used)) : text
}

function sizeOf(text: string | undefined, take: () => Value): number | undefined {
  if (text === undefined) return undefined
  const size = text === '*' ? take() : Number(text)
  return typeof size === 'number' ? Math.min(Math.abs(size), MOST_WIDTH) : undefined
}

function extra(args: readonly Value[]): string {
  return `%!(EXTRA ${args.map((each) => (each === undefined ? '<nil>' : `${goType(each)}=${printed(each)}`)).join(', ')})`
}

function goType(value: Value): string {
  if (isList(value)) return '[]string'
  return value instanceof Map ? 'map[string]string' : typeOf(value)
}

function formatted(value: Value, verb: string, spec: Spec): string {
  if (verb === 'T') return padded(value === undefined ? '<nil>' : goType(value), spec)
  if (verb === 'v') return padded(value === undefined ? '<nil>' : withSign(printed(value), value, spec), spec)
  if (isList(value)) return `[${value.map((each) => formatted(each, verb, spec)).join(' ')}]`
  if (value instanceof Struct)
    return `{${Object.values(value.fields)
      .map((each) => formatted(each, verb, spec))
      .join(' ')}}`
  const text = isPlain(value) ? verbText(value, verb, spec) : undefined
  if (text === undefined) return `%!${verb}(${value === undefined ? '<nil>' : `${goType(value)}=${printed(value)}`})`
  return padded(text, spec, typeof value !== 'string' && verb !== 'c' && verb !== 'q')
}

type Plain = string | number | boolean | Float

function isPlain(value: Value): value is Plain {
  return value instanceof Float || ['string', 'number', 'boolean'].includes(typeof value)
}

function verbText(value: Plain, verb: string, spec: Spec): string | undefined {
  if (typeof value === 'boolean') return verb === 't' ? String(value) : undefined
  if (typeof value === 'string') return stringText(value, verb, spec)
  if (value instanceof Float) return floatVerb(value, verb, spec)
  return numberText(value, verb, spec)
}

function stringText(value: string, verb: string, { flags, precision }: Spec): string | undefined {
  const cut = precision === undefined ? value : [...value].slice(0, precision).join('')
  if (verb === 's') return cut
  if (verb === 'q') return flags.includes('#') && !cut.includes('`') ? `\`${cut}\`` : quoted(cut)
  if (verb !== 'x' && verb !== 'X') return undefined
  const bytes = Buffer.from(cut).toString('hex')
  const hex = flags.includes(' ') ? bytes.replace(/..(?=.)/g, '$& ') : bytes
  return verb === 'X' ? hex.toUpperCase() : hex
}

const BASES: Readonly<Record<string, [number, string]>> = {
  d: [10, ''],
  b: [2, '0b'],
  o: [8, '0'],
  x: [16, '0x'],
  X: [16, '0X'],
}

function numberText(value: number, verb: string, spec: Spec): string | undefined {
  if (verb === 'c') return String.fromCodePoint(Math.min(Math.max(value, 0), LAST_CODE_POINT))
  if (verb === 'q') return `'${String.fromCodePoint(Math.min(Math.max(value, 0), LAST_CODE_POINT))}'`
  if (verb === 'U') return `U+${value.toString(16).toUpperCase().padStart(4, '0')}`
  const base = BASES[verb]
  if (!base) return undefined
  const digits = Math.abs(value)
    .toString(base[0])
    .padStart(spec.precision ?? 0, '0')
  const shown = `${spec.flags.includes('#') ? base[1] : ''}${verb === 'X' ? digits.toUpperCase() : digits}`
  return value < 0 ? `-${shown}` : withSign(shown, value, spec)
}

const LAST_CODE_POINT = 0x10ffff

function floatVerb({ value }: Float, verb: string, spec: Spec): string | undefined {
  const { precision } = spec
  if (verb === 'f' || verb === 'F') return withSign(value.toFixed(Math.min(precision ?? 6, 100)), value, spec)
  if (verb === 'e' || verb === 'E') {
    const text = value.toExponential(Math.min(precision ?? 6, 100)).replace(/e([+-])(\d)$/, 'e$10$2')
    return withSign(verb === 'E' ? text.toUpperCase() : text, value, spec)
  }
  if (verb !== 'g' && verb !== 'G') return undefined
  const digits = Math.min(Math.max(precision ?? 0, 1), 100)
  const text = precision === undefined ? floatText(value) : floatText(Number(value.toPrecision(digits)), digits)
  return withSign(verb === 'G' ? text.toUpperCase() : text, value, spec)
}

/** The flags `+` and space apply to non-negative numbers. */
function withSign(text: string, value: Value | number, { flags }: Spec): string {
  if ((typeof value !== 'number' && !(value instanceof Float)) || text.startsWith('-')) return text
  return flags.includes('+') ? `+${text}` : flags.includes(' ') ? ` ${text}` : text
}

function padded(text: string, { flags, width = 0 }: Spec, isNumber = false): string {
  const missing = width - [...text].length
  if (missing <= 0) return text
  if (flags.includes('-')) return text + ' '.repeat(missing)
  if (!flags.includes('0')) return ' '.repeat(missing) + text
  const sign = isNumber && /^[+\- ]/.test(text) ? text.slice(0, 1) : ''
  return sign + '0'.repeat(missing) + text.slice(sign.length)
}
