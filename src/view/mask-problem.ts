import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Span } from '../diagnostics/span.ts'
import { namesSecret, redact, type Sensitive } from '../stack/sensitive.ts'
import { MASK } from './hide.ts'
import { secretTexts } from './secret-ranges.ts'

export interface Secrets {
  sensitive: Sensitive
  sourceOf(file: string): string | undefined
  /** What a variable holds that a stack file may refer to. */
  variable?(name: string): string | undefined
}

/**
 * A problem without secrets in what it says. Where loading failed nothing is known of values, so that the lines it is about are
 * asked: what stands there behind secret names must not be repeated, nor what variables hold whose names are secret.
 */
export function maskProblem(diagnostic: Diagnostic, secrets: Secrets): Diagnostic {
  const { at, hint, related } = diagnostic
  const values = [at, ...(related ?? []).map((each) => each.at)].flatMap((span) =>
    span ? valuesAt(span, secrets) : [],
  )
  const clean = (text: string) => maskText(redact(text, secrets.sensitive), values)
  return {
    ...diagnostic,
    message: clean(diagnostic.message),
    ...(hint !== undefined && { hint: clean(hint) }),
    ...(related && { related: related.map((each) => ({ ...each, message: clean(each.message) })) }),
  }
}

function valuesAt(span: Span, { sourceOf, variable }: Secrets): string[] {
  const text = sourceOf(span.file)
  if (text === undefined) return []
  const names = new Set((text.match(/\w+/g) ?? []).filter(namesSecret))
  const held = variable ? [...names].flatMap((name) => variable(name) ?? []) : []
  return [...secretTexts(text, span.line, span.endLine), ...held]
}

/** Values taken out, and whatever is behind a secret name and `=`. */
function maskText(text: string, values: readonly string[]): string {
  const forms = values.flatMap((value) => [value, JSON.stringify(value).slice(1, -1)])
  const longestFirst = [...new Set(forms)].filter((form) => form !== '').sort((a, b) => b.length - a.length)
  return longestFirst.reduce(withoutValue, withoutPairs(text))
}

/** Short values would blank out ordinary words: only where they are quoted. */
const SHORT = 6

function withoutValue(text: string, value: string): string {
  if (value.length >= SHORT) return withoutBeginning(text.replaceAll(value, MASK), value)
  return ['"', "'", '`'].reduce((rest, quote) => rest.replaceAll(quote + value + quote, quote + MASK + quote), text)
}

/** Messages cut long values off. */
function withoutBeginning(text: string, value: string): string {
  if (!text.includes('…')) return text
  for (let length = value.length - 1; length >= SHORT; length--) {
    const beginning = `${value.slice(0, length)}…`
    if (text.includes(beginning)) return text.replaceAll(beginning, MASK)
  }
  return text
}

/** `DB_PASSWORD=hunter2`; in quotes up to the closing one, else up to the next space. */
function withoutPairs(text: string): string {
  return text
    .replaceAll(/(["'`])([\w.-]+)=([^\n]+?)\1/g, (whole, quote, name) =>
      namesSecret(name) ? `${quote}${name}=${MASK}${quote}` : whole,
    )
    .replaceAll(/([\w.-]+)=[^\s"'`,;)]+/g, (whole, name) => (namesSecret(name) ? `${name}=${MASK}` : whole))
}
