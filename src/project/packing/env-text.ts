import { saidRanges } from '../../stack/said-secrets.ts'
import { namesSecret } from '../../stack/secret-names.ts'
import { type Range, urlRanges } from '../../stack/secret-shapes.ts'
import type { Sensitive } from '../../stack/sensitive.ts'

const ASSIGNMENT = /^(\s*(?:export\s+)?([^\s=:#]+)[^\S\n]*[=:])(.*)$/
/** A setting that somebody switched off. */
const COMMENTED = /^(\s*#[\s#]*(?:export\s+)?([^\s=:#]+)[^\S\n]*=)(.*)$/

export interface BlankedEnv {
  text: string
  /** The names whose values were taken out, whole or in part; sorted, without those that had none. */
  names: string[]
}

/**
 * The text of an env file without secret values, in comments neither: `PASSWORD=`, `URL=postgres://user:@host`. Undefined if a secret is
 * elsewhere in it.
 */
export function withoutSecrets(text: string, { known, values }: Sensitive): BlankedEnv | undefined {
  const isSecret = (name: string, value: string) =>
    namesSecret(name) || (known ?? values).has(unquoted(value)) || saidRanges(value).length > 0
  const names = new Set<string>()
  const lines: string[] = []
  let open: string | undefined
  for (const line of text.split('\n')) {
    if (open !== undefined) {
      if (closes(line, open)) open = undefined
      continue
    }
    const [, begin = '', name = '', rest = ''] = ASSIGNMENT.exec(line) ?? COMMENTED.exec(line) ?? []
    const value = rest.trim()
    const isBlanked = value !== '' && isSecret(name, value)
    const kept = isBlanked ? begin : cut(line, [...saidRanges(line), ...urlRanges(line)])
    if (kept !== line && name !== '') names.add(name)
    if (isBlanked && ASSIGNMENT.test(line)) open = openQuote(value)
    lines.push(kept)
  }
  const blanked = lines.join('\n')
  return [...values].some((value) => blanked.includes(value)) ? undefined : { text: blanked, names: [...names].sort() }
}

function cut(line: string, ranges: readonly Range[]): string {
  let kept = ''
  let from = 0
  for (const [start, end] of [...ranges].sort(([one], [other]) => one - other)) {
    kept += line.slice(from, Math.max(from, start))
    from = Math.max(from, end)
  }
  return kept + line.slice(from)
}

/** The quote of a value that goes on in the next line. */
function openQuote(value: string): string | undefined {
  const [quote = ''] = value
  return (quote === '"' || quote === "'") && !closes(value.slice(1), quote) ? quote : undefined
}

/** A quote after a backslash is a part of the value. */
function closes(text: string, quote: string): boolean {
  return text.replace(/\\./g, '').includes(quote)
}

/** The value, without quotes, and without what follows it. */
function unquoted(value: string): string {
  const [, double, single] = /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')/.exec(value) ?? []
  return double ?? single ?? (value.split(' #')[0] ?? '').trimEnd()
}
