import type { Terminal } from './terminal.ts'

/** The text with our own symbols in ASCII, for terminals whose character set has no others. Others stay: they are the user's. */
export function inAscii(text: string): string {
  return PLAIN.test(text) ? text : text.replace(CUT, '~').replace(SYMBOLS, (symbol) => ASCII.get(symbol) ?? '?')
}

/** The terminal for what we say in our own words. */
export function asciiTerminal({ out, err, clock }: Terminal): Terminal {
  return { out, err: { ...err, write: (text) => err.write(inAscii(text)) }, clock }
}

const PLAIN = /^\p{ASCII}*$/u

const ESCAPE = '\u001b'

/** Where columns are counted the mark of a cut is one character wide: at the end of a cell, and at the start of a source line. */
const CUT = new RegExp(`…(?=${ESCAPE}|\\n|$| {2}| \\d)|(?<=\\| )…`, 'g')

const SPINNER = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'].map((symbol, index): [string, string] => [symbol, '|/-\\'[index % 4] ?? '|'])

const ASCII = new Map<string, string>([
  ['…', '...'],
  ['•', '*'],
  ['·', '.'],
  ['✔', '+'],
  ['✖', 'x'],
  ['■', '!'],
  ['⊘', '-'],
  ['▰', '#'],
  ['▱', '.'],
  ['│', '|'],
  ['├', '|'],
  ['└', '`'],
  ['─', '-'],
  ...SPINNER,
])

/** Beside these, the pictures that stand for control characters. */
const SYMBOLS = new RegExp(`[${[...ASCII.keys()].join('')}\u2400-\u2421\ufffd]`, 'g')
