/** Longer lines are not looked at for each of their pairs, and not shown. */
const LONGEST = 10_000

/** A line that begins a list or mapping in brackets. */
const FLOW = /^\s*(?:-\s+)*(?:["']?[\w.-]+["']?\s*:\s+)?(?:[&!]\S+\s+)*(?=[[{])/

/**
 * Where the value of a pair `NAME=value` or `NAME: value` ends, if it stands in brackets that are opened on this line; undefined elsewhere,
 * where a value goes on to the end of the line.
 * @param name where the name begins
 * @param start where the value begins
 */
export function flowValueEnd(line: string, name: number, start: number): number | undefined {
  const opening = line.length > LONGEST ? undefined : FLOW.exec(line)?.[0].length
  if (opening === undefined) return undefined
  let depth = 0
  for (let at = opening; at < line.length; ) {
    const end = partEnd(line, at)
    if (end > start) return depth > 0 ? endFrom(line, { at, end }, name, start) : undefined
    if (isOpening(line[at])) depth++
    if (isClosing(line[at])) depth--
    at = end
  }
  return undefined
}

/** In the same part, or as a part of its own. */
function endFrom(line: string, { at, end }: { at: number; end: number }, name: number, start: number) {
  const quote = line[at] === '"' || line[at] === "'" ? line[at] : undefined
  if (quote && (line[end - 1] !== quote || end - 1 === at)) return undefined
  if (at < name) return quote ? end - 1 : end
  return isOpening(line[start]) ? closing(line, start) : end
}

/** A bracket, a comma, a colon, spaces, or a scalar in quotes or without. */
const PART =
  /[[\]{},]|:(?=[\s"'[{])|\s+|"(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?|(?:\$\{[^}]*\}|[^[\]{},\s:]|:(?![\s"'[{])|\s+(?![,\]}#\s]))+/y

function partEnd(line: string, at: number): number {
  PART.lastIndex = at
  return at + Math.max(1, PART.exec(line)?.[0].trimEnd().length ?? 1)
}

function closing(line: string, from: number): number {
  let depth = 0
  for (let at = from; at < line.length; at = partEnd(line, at)) {
    if (isOpening(line[at])) depth++
    if (isClosing(line[at]) && --depth === 0) return at + 1
  }
  return line.length
}

function isOpening(char: string | undefined): boolean {
  return char === '[' || char === '{'
}

function isClosing(char: string | undefined): boolean {
  return char === ']' || char === '}'
}
