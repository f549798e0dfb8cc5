import type { Random } from './random.ts'
import { CHARACTERS, COLLECTIONS, SCALARS, TAGS } from './words.ts'

/** Changes a text. `others` are texts that pieces may come from. */
type Mutation = (text: string, random: Random, others: readonly string[]) => string

/** A text changed in one to six ways; half of the time in one that often leaves it a stack. */
export function mutate(text: string, random: Random, others: readonly string[]): string {
  const changes = random.chance(0.5)
    ? [random.pick(GENTLE)]
    : random.several(1, random.chance(0.5) ? 2 : 6, () => random.pick(random.chance(0.4) ? GENTLE : ROUGH))
  return changes.reduce((changed, mutation) => mutation(changed, random, others), text)
}

const GENTLE: readonly Mutation[] = [
  onLines((lines, at) => lines.filter((_, index) => index !== at)),
  onLines((lines, at) => [...lines.slice(0, at + 1), ...lines.slice(at)]),
  onLines((lines, at, random) => swapped(lines, at, random.below(lines.length))),
  onLines((lines, at, random) => swappedKeys(lines, at, random.below(lines.length))),
  onLine((line, random) => line.replace(/(:|-)(?: .*)?$/, `$1 ${lit(random.pick(SCALARS))}`)),
  onLine((line, random) => line.replace(/(:|-)(?: .*)?$/, `$1 ${lit(random.pick(COLLECTIONS))}`)),
  onLine((line, random) => line.replace(/[^\s:,[\]{}]+(?=[\s,\]}]|$)/, lit(random.pick(SCALARS)))),
  onLine((line, random) => line.replace(/(:|-)( .*)?$/, `$1 ${lit(random.pick(TAGS))}$2`)),
  onLine((line, random) => line.replace(/[\w.-]+(?=:)/, lit(random.pick(SCALARS)))),
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => `\ufeff${text}`,
  (text) => `x-a0: &a0 {image: x, a0: [1]}\n${text}`,
  (text, random, others) => `${text}\n---\n${random.pick(others)}`,
]

const ROUGH: readonly Mutation[] = [
  atRandom((random) => [random.pick(CHARACTERS), 0]),
  atRandom((random) => ['', 1 + random.below(4)]),
  atRandom((random) => [random.pick(CHARACTERS), 1]),
  onLine((line, random) => ' '.repeat(random.below(5)) + line),
  onLine((line, random) => line.replace(/^ {1,4}/, random.chance(0.2) ? '\t' : '')),
  onLine((line) => `${line.match(/^ */)?.[0] ?? ''}<<: *a0\n${line}`),
  onLine((line, random) => `${line}${random.pick([' |', ' >-', ' |2', ' # c', ' "', " '"])}`),
  onLine((line, random) => `${line} ${nested(random)}`),
  onLines((lines, at, random, others) => [
    ...lines.slice(0, at),
    ...piece(random.pick(others), random),
    ...lines.slice(at),
  ]),
  (text, random) => text.replaceAll(random.pick(['a', ': ', '  ', '\n', '"', '1']), random.pick(CHARACTERS)),
  (text) => text.replaceAll('\n', '\r'),
  (text, random) => text.slice(0, random.below(text.length + 1)),
]

/** A piece of the text replaced: what by, and how many characters go. */
function atRandom(change: (random: Random) => [by: string, length: number]): Mutation {
  return (text, random) => {
    const at = random.below(text.length + 1)
    const [by, length] = change(random)
    return text.slice(0, at) + by + text.slice(at + length)
  }
}

function onLines(
  change: (lines: string[], at: number, random: Random, others: readonly string[]) => string[],
): Mutation {
  return (text, random, others) => {
    const lines = text.split('\n')
    return change(lines, random.below(lines.length), random, others).join('\n')
  }
}

function onLine(change: (line: string, random: Random) => string): Mutation {
  return onLines((lines, at, random) => lines.map((line, index) => (index === at ? change(line, random) : line)))
}

function swapped(lines: readonly string[], one: number, other: number): string[] {
  return lines.map((line, index) => (index === one ? lines[other] : index === other ? lines[one] : line) ?? '')
}

function swappedKeys(lines: readonly string[], one: number, other: number): string[] {
  const keyOf = (line = '') => /[\w.-]+(?=:)/.exec(line)?.[0] ?? 'key'
  const [first, second] = [keyOf(lines[one]), keyOf(lines[other])]
  return lines.map((line, index) =>
    index === one ? line.replace(first, lit(second)) : index === other ? line.replace(second, lit(first)) : line,
  )
}

/** Some lines in a row. */
function piece(text: string, random: Random): string[] {
  const lines = text.split('\n')
  const from = random.below(lines.length)
  return lines.slice(from, from + 1 + random.below(8))
}

/** Deep, and sometimes deeper than is read. */
function nested(random: Random): string {
  const depth = random.pick([3, 30, 120, 300, 5000])
  const [open, close] = random.pick([
    ['[', ']'],
    ['{a: ', '}'],
    ['- ', ''],
    ['${A:-', '}'],
    ['? ', ''],
  ] as const)
  return open.repeat(depth) + (random.chance(0.8) ? close.repeat(depth) : '')
}

/** For the right side of `replace`, where `$` means something. */
function lit(text: string): string {
  return text.replaceAll('$', '$$$$')
}
