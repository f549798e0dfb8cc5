import type { Terminal } from './terminal.ts'

/** Replaces our own symbols by ASCII, for terminals whose character set lacks them. Other characters stay: they are the user's. */
export function inAscii(text: string): string {
  return PLAIN.test(text) ? text : text.replace(CUT, '~').replace(SYMBOLS, (symbol) => ASCII.get(symbol) ?? '?')
}

/** A terminal that prints our own words in ASCII. */
export function asciiTerminal({ out, err, clock }: Terminal): Terminal {
  return { out, err: { ...err, write: (text) => err.write(inAscii(text)) }, clock }
}

const PLAIN = /^\p{ASCII}*$/u

const ESCAPE = '\u001b'

/** In columns, the mark of a truncation takes one character: at the end of a cell, and at the start of a source line. */
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

/** Besides our own symbols, the pictures for control characters. */
const SYMBOLS = new RegExp(`[${[...ASCII.keys()].join('')}\u2400-\u2421\ufffd]`, 'g')
