import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { hasMarks, withForeign } from '../diagnostics/foreign.ts'
import { type OwnCommandLine, withOwnCommands } from '../diagnostics/own-command.ts'
import type { Span } from '../diagnostics/span.ts'
import { Outline } from '../stack/outline.ts'
import { namesSecret } from '../stack/secret-names.ts'
import { MASK, type Sensitive } from '../stack/sensitive.ts'
import { remembered } from '../util/object.ts'
import { ENGINE_WORDS } from './engine-words.ts'
import { redactCommand } from './redact.ts'
import { MOST_LINES, secretTexts } from './secret-ranges.ts'

export interface Secrets {
  sensitive: Sensitive
  sourceOf(file: string): string | undefined
  /** The value of a variable that stack files may use. */
  variable?(name: string): string | undefined
  /** Completes the commands in sentences; by default they stay as they are. */
  ownCommand?: OwnCommandLine
  /** Whether the marks of commands stay, for terminals. */
  keepsCommands?: boolean
}

/**
 * Masks secrets in the quoted parts of problems; our own words and names stay. If loading failed, secret values are unknown. Then
 * the source lines of a problem are searched: values after secret names, and values of variables with secret names, are masked.
 */
export function maskProblems(diagnostics: readonly Diagnostic[], secrets: Secrets): Diagnostic[] {
  const outline = remembered((file) => Outline.of(secrets.sourceOf(file) ?? ''))
  return diagnostics.map((each) => (sentencesOf(each).some(hasMarks) ? masked(each, { ...secrets, outline }) : each))
}

interface Sources extends Secrets {
  outline(file: string): Outline
}

function sentencesOf({ message, hint = '', related = [] }: Diagnostic): string[] {
  return [message, hint, ...related.map((each) => each.message)]
}

function masked(diagnostic: Diagnostic, sources: Sources): Diagnostic {
  const { at, message, hint, related } = diagnostic
  const spans = [at, ...(related ?? []).map((each) => each.at)].filter((span) => span !== undefined)
  const values = spans.flatMap((span) => valuesAt(span, sources))
  const clean = (sentence: string) =>
    withForeign(
      completed(sentence, sources),
      (part) => maskPart(part, values, sources.sensitive),
      sources.keepsCommands,
    )
  return {
    ...diagnostic,
    message: clean(message),
    ...(hint !== undefined && { hint: clean(hint) }),
    ...(related && { related: related.map((each) => ({ ...each, message: clean(each.message) })) }),
  }
}

/** Masks a sentence of ours in its quoted parts. */
export function maskSentence(
  sentence: string,
  { sensitive, ownCommand, keepsCommands }: Pick<Secrets, 'sensitive' | 'ownCommand' | 'keepsCommands'>,
): string {
  const whole = completed(sentence, { ...(ownCommand && { ownCommand }) })
  return withForeign(whole, (part) => maskPart(part, [], sensitive), keepsCommands)
}

function completed(sentence: string, { ownCommand }: Pick<Secrets, 'ownCommand'>): string {
  return ownCommand ? withOwnCommands(sentence, ownCommand) : sentence
}

function maskPart(part: string, values: readonly string[], sensitive: Sensitive): string {
  if (values.includes(part)) return MASK
  const forms = values.flatMap((value) => [value, JSON.stringify(value).slice(1, -1)])
  const longestFirst = [...new Set(forms)].filter((form) => form.length >= SHORT).sort((a, b) => b.length - a.length)
  return redactCommand(longestFirst.reduce(withoutValue, part), sensitive, ENGINE_WORDS)
}

/** Masking shorter values would hide ordinary words. */
const SHORT = 6

function valuesAt({ file, line, endLine }: Span, { outline, variable }: Sources): string[] {
  const text = outline(file)
  const words =
    text.lines
      .slice(line - 1, Math.min(endLine, line + MOST_LINES))
      .join('\n')
      .match(/\w+/g) ?? []
  const names = new Set(variable ? words.filter(namesSecret) : [])
  return [...secretTexts(text, line, endLine), ...[...names].flatMap((name) => variable?.(name) ?? [])]
}

/** Also masks the beginning of a value that a message truncates. */
function withoutValue(part: string, value: string): string {
  const masked = part.replaceAll(value, MASK)
  if (!masked.endsWith('…')) return masked
  for (let length = value.length - 1; length >= SHORT; length--) {
    const beginning = `${value.slice(0, length)}…`
    if (masked.endsWith(beginning)) return masked.slice(0, -beginning.length) + MASK
  }
  return masked
}
