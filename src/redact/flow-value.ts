/** Longer lines are not searched for pairs, and not shown. */
const LONGEST = 10_000

/** A line that starts a list or mapping in brackets. */
const FLOW = /^\s*(?:-\s+)*(?:["']?[\w.-]+["']?\s*:\s+)?(?:[&!]\S+\s+)*(?=[[{])/

/**
 * The end of the value in `NAME=value` or `NAME: value`, if it is inside brackets that are opened on this line; undefined elsewhere,
 * where a value extends to the end of the line.
 * @param name the offset of the name
 * @param start the offset of the value
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

/** The value is in the same part as the name, or is a part by itself. */
function endFrom(line: string, { at, end }: { at: number; end: number }, name: number, start: number) {
  const quote = line[at] === '"' || line[at] === "'" ? line[at] : undefined
  if (quote && (line[end - 1] !== quote || end - 1 === at)) return undefined
  if (at < name) return quote ? end - 1 : end
  return isOpening(line[start]) ? closing(line, start) : end
}

/** A bracket, a comma, a colon, spaces, or a quoted or unquoted scalar. */
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
