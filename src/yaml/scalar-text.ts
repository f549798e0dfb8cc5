/** How strings are written in YAML. Source: `analyze_scalar` and the writers of go-yaml's emitter, and YAML 1.1, 5 and 9. */

/** A string on one line: plain if possible, else in single quotes, or in double quotes if necessary. */
export function inlineOf(text: string): string {
  if (/[\n\r\u0085\u2028\u2029\t]/.test(text) || hasSpecial(text) || isAmbiguous(text)) return doubleQuoted(text)
  return needsQuotes(text) ? `'${text.replaceAll("'", "''")}'` : text
}

/**
 * A string of several lines as a literal block, indented by `column`; undefined if that is impossible. The header of a block that
 * starts with a space or a line break contains its indentation.
 */
export function blockOf(text: string, column: number, step: number): string | undefined {
  if (!text.includes('\n') || hasSpecial(text) || /[\r\u0085\u2028\u2029]| $| \n/.test(text)) return undefined
  const indent = /^[ \n]/.test(text) ? String(step) : ''
  const chomp = !text.endsWith('\n') ? '-' : /^\n$|\n\n$/.test(text) ? '+' : ''
  const lines = text.replace(/\n$/, '').split('\n')
  return `|${indent}${chomp}\n${lines.map((line) => (line === '' ? '' : ' '.repeat(column) + line)).join('\n')}`
}

/** Words that a YAML 1.1 or 1.2 parser does not read as strings. */
const WORDS = /^(?:|~|null|true|false|y|n|yes|no|on|off|<<|=|[-+]?\.inf|\.nan)$/i
const NUMBERS = [
  /^[-+]?(?:0x[\da-f_]+|0o?[0-7_]+|0b[01_]+|[\d_]+)$/i,
  /^[-+]?(?:\.[\d_]+|\d[\d_]*(?:\.[\d_]*)?)(?:e[-+]?\d+)?$/i,
  /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/,
  /^\d{4}-\d{1,2}-\d{1,2}(?:(?:t|[ \t]+)\d{1,2}:\d{1,2}:\d{1,2}.*)?$/i,
]

function isAmbiguous(text: string): boolean {
  return WORDS.test(text) || (/^[-+.\d_]/.test(text) && NUMBERS.some((number) => number.test(text)))
}

/** Whether a one-line string would be misread without quotes. */
function needsQuotes(text: string): boolean {
  return (
    /^(?:[ #,[\]{}&*!|>'"%@`]|[-?:](?: |$)|---|\.\.\.)/.test(text) || /:(?: |$)| #/.test(text) || text.endsWith(' ')
  )
}

/** Characters that go-yaml escapes: those beyond the first plane, and invisible ones. */
const SPECIAL = /[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u

function hasSpecial(text: string): boolean {
  return SPECIAL.test(text)
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\u0085': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
}

function doubleQuoted(text: string): string {
  const inner = [...text].map((character) => ESCAPES[character] ?? (hasSpecial(character) ? hex(character) : character))
  return `"${inner.join('')}"`
}

function hex(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase()
  if (code.length <= 2) return `\\x${code.padStart(2, '0')}`
  return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\U${code.padStart(8, '0')}`
}
