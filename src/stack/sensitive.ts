import { rangesByWord, saidRanges } from './said-secrets.ts'
import { type Range, urlRanges } from './secret-shapes.ts'

/** Values that must not be printed: collected by loading, used by everything that prints. */
export interface Sensitive {
  /** Secret values of six characters or more that are not names; masked in any foreign text. */
  values: ReadonlySet<string>
  /** Dotted model paths with secret values, e.g. `services.db.environment.MYSQL_PASSWORD`. */
  paths: ReadonlySet<string>
  /** By path, the ranges of values that the value itself, or its command line, marks as secret. */
  said?: ReadonlyMap<string, readonly Range[]>
  /** All secret values; masked after a word that marks them as secret. */
  known?: ReadonlySet<string>
  /** The names in the stack and the words in them: never masked. */
  names?: ReadonlySet<string>
}

export const NOTHING_SENSITIVE: Sensitive = { values: new Set(), paths: new Set() }

/** `pw` of `postgres://user:pw@host`, as written and decoded, and other secrets in URLs. */
export function passwordsIn(text: string): string[] {
  return textsAt(text, urlRanges(text)).flatMap((password) => {
    const meant = /%[0-9a-f]{2}/i.test(password) ? decode(password) : password
    return meant === password ? [password] : [password, meant]
  })
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The secret values in the words of a command line: `--password X`, `--token=X`, `mysql -pX`, including nested shell commands. */
export function secretsInWords(words: readonly string[]): string[] {
  return rangesByWord(words).flatMap((ranges, index) => textsAt(words[index] ?? '', ranges))
}

/** The values that a text itself marks as secret. */
export function secretsInText(text: string): string[] {
  return textsAt(text, saidRanges(text))
}

export function textsAt(text: string, ranges: readonly Range[]): string[] {
  return ranges.map(([start, end]) => text.slice(start, end))
}

export const MASK = '••••••'
