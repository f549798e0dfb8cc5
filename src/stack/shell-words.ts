/** A word of a command line as written, including its quotes. */
export interface Word {
  text: string
  /** The word's offset. */
  start: number
}

const WORD = /(?:[^\s"'\\;&|()`]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+|[;&|()`]+/gs

/** The words of a text, and of the command lines in its quotes as separate lines. Separators of commands count as words. */
export function commandLines(text: string, from = 0): Word[][] {
  const words: Word[] = []
  const inner: Word[][] = []
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const { 2: quoted } = /^[[{(,]*(["'])(.*)\1/s.exec(word) ?? []
    if (quoted !== undefined && /\s/.test(quoted))
      inner.push(...commandLines(quoted, from + index + word.indexOf(quoted)))
    words.push({ text: word, start: from + index })
  }
  return [words, ...inner]
}

export function isSeparator({ text }: Word): boolean {
  return /^[;&|()`]/.test(text)
}

/** Removes the enclosing quotes, and the brackets and commas of a list. */
export function bareWord({ text, start }: Word): Word {
  const { 1: before = '', 3: quoted } = /^([[{(,]*)(["'])(.*)\2[\]}),;:]*$/s.exec(text) ?? []
  if (quoted !== undefined) return { text: quoted, start: start + before.length + 1 }
  const { 0: opening = '' } = /^[[{(,]+/.exec(text) ?? []
  return { text: text.slice(opening.length).replace(/[\]},]+$/, ''), start: start + opening.length }
}

const ITEM = /"((?:[^"\\]|\\.)*)"?|'((?:[^']|'')*)'?|[^\s,[\]{}"']+/dg

/** The words of a list in brackets: `["curl", "-u", "me:x"]`. */
export function listWords(line: string): Word[] {
  return [...line.matchAll(ITEM)].map(({ 0: text, 1: double, 2: single, index, indices }) => ({
    text: double ?? single ?? text,
    start: (indices?.[1] ?? indices?.[2])?.[0] ?? index,
  }))
}
