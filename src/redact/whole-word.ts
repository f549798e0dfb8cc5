/** Masking shorter values would hide ordinary words. */
export const SHORTEST = 6

/** The forms in which programs print a value: unchanged, line by line, escaped, as part of a URL, encoded. */
export function everyForm(value: string): string[] {
  const lines = value.split(/\r?\n/).map((line) => line.trim())
  const encoded = encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\uFFFD'))
  const base64 = Buffer.from(value).toString('base64')
  const forms = [
    value,
    ...lines,
    JSON.stringify(value).slice(1, -1),
    value.replaceAll("'", "'\\''"),
    encoded,
    encoded.replaceAll('%20', '+'),
    base64,
    base64.replace(/=+$/, ''),
  ]
  return forms.filter((form) => form.length >= SHORTEST && !form.startsWith('-----'))
}

/**
 * Whether a value found in a text is a separate word. A value of letters alone also counts as part of a longer word next to `_` or
 * `-` and in paths; a value that cannot occur in other words by chance counts anywhere.
 */
export function isWhole(text: string, start: number, value: string, names?: ReadonlySet<string>): boolean {
  const end = start + value.length
  if (names && names.size > 0 && isInName(text, start, end, names)) return false
  if (isUnlikely(value)) return true
  const [before, after] = [text.slice(Math.max(0, start - 12), start), text.slice(end, end + 2)]
  const joined = /^\p{L}+$/u.test(value) ? JOINED_TO_WORD : JOINED
  return !(joined.before.test(before) && !AFRESH.test(before)) && !joined.after.test(after)
}

const JOINED = { before: /[\p{L}\p{N}]$/u, after: /^[\p{L}\p{N}]/u }
const JOINED_TO_WORD = { before: /(?:[\p{L}\p{N}_/-]|[\p{L}\p{N}]\.)$/u, after: /^(?:[\p{L}\p{N}_/-]|\.[\p{L}\p{N}])/u }

/** An escape sequence, or the letter of an option, ends right before the value. */
const AFRESH = /(?:\\[nrt]|\p{Cc}\[[\d;]*[A-Za-z]|(?:^|[^\p{L}\p{N}-])-[A-Za-z]|(?:^|[^/])\/\/)$/u

function isUnlikely(value: string): boolean {
  return value.length >= 10 && /\d/.test(value) && /\p{L}/u.test(value)
}

const NAME_CHARACTER = /[\p{L}\p{N}_.-]/u

/** `shop-db-1` is a container's name even if the password is `shop-db`. */
function isInName(text: string, start: number, end: number, names: ReadonlySet<string>): boolean {
  let [from, to] = [start, end]
  while (from > 0 && NAME_CHARACTER.test(text[from - 1] ?? '')) from--
  while (to < text.length && NAME_CHARACTER.test(text[to] ?? '')) to++
  const word = text.slice(from, to).replace(/^[.-]+|[.-]+$/g, '')
  return [word, word.replace(/[-_]\d+$/, '')].some((each) => names.has(each))
}

/** A name in the stack, or a word too short to be distinguished from others. */
export function isOrdinary(value: string, names: ReadonlySet<string> = new Set()): boolean {
  return value.length < 3 || (value.length < SHORTEST && names.has(value))
}
