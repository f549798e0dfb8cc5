/** The number of columns of a text on a terminal. Escape sequences count zero, wide characters two, combining ones zero. */
export function widthOf(text: string): number {
  if (SIMPLE.test(text)) return text.length
  return clusters(text.replace(ESCAPE, '')).reduce((total, cluster) => total + clusterWidth(cluster), 0)
}

/** Truncates a text to a number of columns, with `…` in place of the omitted part. Keeps escape sequences and closes them. */
export function clip(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  if (columns < 1) return ''
  let width = 0
  let cut = ''
  let styled = false
  for (const part of text.split(SPLIT_ESCAPE)) {
    if (part.startsWith('\u001b')) {
      cut += part
      styled = true
      continue
    }
    for (const cluster of clusters(part)) {
      if (width + clusterWidth(cluster) > columns - 1) return `${cut}…${styled ? '\u001b[0m' : ''}`
      cut += cluster
      width += clusterWidth(cluster)
    }
  }
  return cut
}

/** Removes escape sequences from a text. */
export function plainText(text: string): string {
  return text.replace(ESCAPE, '')
}

/** Truncates as `clip` does, but between two words if that keeps most of the text. */
export function clipWords(text: string, columns: number): string {
  const cut = clip(text, columns)
  if (cut === text || text.includes('\u001b')) return cut
  const kept = cut.slice(0, -1)
  const between = /\s$/.test(kept) || /^\s/.test(text.slice(kept.length))
  const space = kept.trimEnd().lastIndexOf(' ')
  if (between || space < kept.length / 2) return `${kept.trimEnd()}…`
  return `${kept.slice(0, space).trimEnd()} …`
}

export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)))
}

export function padStart(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - widthOf(text))) + text
}

/** Splits a text into graphemes: what users perceive as single characters. */
export function clusters(text: string): string[] {
  if (SIMPLE.test(text)) return [...text]
  return [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)].map(({ segment }) => segment)
}

export function clusterWidth(cluster: string): number {
  if (/^[\p{Control}\p{Mark}\p{Format}]/u.test(cluster)) return 0
  if (/\p{Emoji_Presentation}|\ufe0f/u.test(cluster)) return 2
  return isWide(cluster.codePointAt(0) ?? 0) ? 2 : 1
}

/**
 * Latin letters, punctuation, arrows, box drawing, Braille: one column each, and none of them combine. The segmenter handles all
 * others, but takes 13 ms to load.
 */
const SIMPLE =
  /^[\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u21ff\u2500-\u25ef\u2714\u2716\u2800-\u28ff]*$/

// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with the control character
const ESCAPE = /\u001b\[[0-9;?]*[a-zA-Z]/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: the same, kept as parts when splitting
const SPLIT_ESCAPE = /(\u001b\[[0-9;?]*[a-zA-Z])/

/** East Asian wide and full-width blocks (Unicode Standard Annex 11), rounded to blocks. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
]

function isWide(code: number): boolean {
  return WIDE.some(([from, to]) => code >= from && code <= to)
}
