/** A top-level key in plain words, other than `name`. */
const KEY = /^(?!name[ \t]*:)[A-Za-z][\w.-]*[ \t]*:(?:[ \t]|$)/
/** What may stand between such keys: something nested, an item of a list, a comment, nothing. */
const BETWEEN = /^(?:[ \t#]|-(?:[ \t]|$)|$)/
const NOTHING = /^(?:[ \t]*(?:#|$)|---$)/

/**
 * Whether a look at the lines is enough to know that no document of a YAML text has a top-level `name`: every line that is not
 * indented is a plain key, or none. Anything unusual (flow style, quoted keys, merge keys, several documents) is not known this way.
 */
export function isPlainlyUnnamed(text: string): boolean {
  const lines = text.split(/\r\n?|\n/)
  const first = lines.findIndex((line) => !NOTHING.test(line))
  return (
    first >= 0 &&
    KEY.test(lines[first] ?? '') &&
    lines.slice(first).every((line) => KEY.test(line) || BETWEEN.test(line))
  )
}
