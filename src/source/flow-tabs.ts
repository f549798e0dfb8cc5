/** How often the parser may stop at one, and how many characters it may read again because of them all. */
const MOST_TABS = 200
const MOST_CHARACTERS = 32 * 1024 * 1024

/** How far before a tab the bracket is looked for that it stands in, in characters. */
const REACH = 5_000

interface Stop {
  reason: string
  position: number
}

/**
 * Tabs may separate the values of a flow collection (YAML 1.2.2, 6.1 and 7.4), but js-yaml takes one for indentation. The
 * text is parsed once more with spaces in their place, as many, so that offsets stay. Undefined if that is not what
 * stopped the parser.
 */
export function withoutFlowTabs<T>(
  text: string,
  stopped: Stop,
  parse: (text: string) => readonly T[] | Stop,
): T[] | undefined {
  let patched = text
  let stop = stopped
  const most = Math.min(MOST_TABS, MOST_CHARACTERS / text.length)
  for (let count = 0; count < most; count++) {
    const next = /deficient indentation/.test(stop.reason) ? withoutTabBefore(patched, stop.position) : undefined
    if (next === undefined) return undefined
    patched = next
    const result = parse(patched)
    if (!('reason' in result)) return [...result]
    stop = result
  }
  return undefined
}

/** The line break before the tab goes as well: what stands behind it may then be indented less than the line above. */
function withoutTabBefore(text: string, position: number): string | undefined {
  const [blank = ''] = /(?:\r?\n)?[ \t]*$/.exec(text.slice(Math.max(0, position - REACH), position)) ?? []
  const start = position - blank.length
  if (!blank.includes('\t') || !inBrackets(text.slice(Math.max(0, start - REACH), start))) return undefined
  return text.slice(0, start) + ' '.repeat(blank.length) + text.slice(position)
}

function inBrackets(before: string): boolean {
  let depth = 0
  for (const [token] of before.matchAll(/"(?:[^"\\]|\\.)*"|'[^'\n]*'|[[\]{}]|(?<=\s|^)#.*$/gm)) {
    if (token === '[' || token === '{') depth++
    else if ((token === ']' || token === '}') && depth > 0) depth--
  }
  return depth > 0
}
