/** An unquoted top-level key. */
const KEY = /^[A-Za-z][\w.-]*[ \t]*:(?:[ \t]|$)/
/** Lines allowed between such keys: nested values, list items, comments, blank lines. */
const BETWEEN = /^(?:[ \t#]|-(?:[ \t]|$)|$)/
const NOTHING = /^(?:[ \t]*(?:#|$)|---$)/
const NAME = /^name[ \t]*:/
/** An unquoted name that needs no normalization and that no YAML version reads as null or a boolean. */
const PLAIN =
  /^name:[ \t]+(?!(?:null|true|false|yes|no|on|off|y|n)[ \t]*(?:#|$))([a-z][a-z0-9_-]*)(?:[ \t]+#.*|[ \t]*)$/
/** A line that continues a plain scalar on the line before. */
const CONTINUES = /^[ \t]+[^# \t]/
/** A text in quotes or brackets may continue on lines that look like keys. */
const OPEN = /["'[{]/

/**
 * Finds the top-level `name` of a YAML text by its lines alone. It requires that every line without indentation is an unquoted key
 * or certainly not a key.
 * @returns the name, an empty object if there is no such key, or undefined for anything unusual (flow style, quoted keys, merge
 * keys, several documents, a name in quotes or with variables), which needs the parser
 */
export function scanName(text: string): { name?: string } | undefined {
  const lines = text.split(/\r\n?|\n/)
  const first = lines.findIndex((line) => !NOTHING.test(line))
  const keys = lines.slice(Math.max(0, first))
  if (first < 0 || !KEY.test(keys[0] ?? '') || !keys.every((line) => KEY.test(line) || BETWEEN.test(line)))
    return undefined
  const named = keys.flatMap((line, index) => (NAME.test(line) ? [index] : []))
  if (named.length === 0) return {}
  const [at = 0] = named
  const name = PLAIN.exec(keys[at] ?? '')?.[1]
  const next = keys.slice(at + 1).find((line) => line.trim() !== '')
  const isUnusual = named.length > 1 || CONTINUES.test(next ?? '') || keys.slice(0, at).some((line) => OPEN.test(line))
  return name === undefined || isUnusual ? undefined : { name }
}
