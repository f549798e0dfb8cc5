/** The environment of a stack file, for checks of its lines. */
export interface Surroundings {
  /** Whether a variable has a non-empty value. */
  isSet(name: string): boolean
  /** Whether a file exists; the path is as written. */
  exists(path: string): boolean
}

/**
 * Whether a stack file's lines indicate that it cannot be loaded: a required variable without a value, a missing file, mismatched
 * quotes, brackets or indentation. For commands that do not load the file; takes a fraction of the parser's time. Neither result is
 * proof: load the file if there is a sign.
 */
export function hasSigns(text: string, { isSet, exists }: Surroundings): boolean {
  const lines = structureOf(text)
  const isMissing = (path: string) => !path.includes('$') && !exists(path)
  const lacks = requiredIn(text).some((name) => !isSet(name)) || filesIn(lines).some(isMissing)
  return lacks || lines.some(isOdd) || !isBalanced(lines) || !isIndented(lines)
}

function requiredIn(text: string): string[] {
  return [...text.matchAll(/\$\{([A-Za-z_]\w*):?\?/g)].map(([, name = '']) => name)
}

/** The lines without comments, blank lines and the texts of block scalars. */
function structureOf(text: string): string[] {
  const lines: string[] = []
  let block = Number.POSITIVE_INFINITY
  for (const raw of text.split(/\r\n?|\n/)) {
    const line = raw.replace(/(?:^|\s)#.*$/, '').trimEnd()
    if (line === '' || line === '---' || depthOf(raw) > block) continue
    block = /[:\-\s][|>][-+\d]*$/.test(line) ? depthOf(line) : Number.POSITIVE_INFINITY
    lines.push(line)
  }
  return lines
}

function depthOf(line: string): number {
  return line.search(/[^ ]|$/)
}

/** The column of a list item's key or text. */
function innerDepthOf(line: string): number {
  return /^ *(?:- +)*/.exec(line)?.[0].length ?? 0
}

/** The files that `env_file` and similar keys name, on the same line or in a list below. */
function filesIn(lines: readonly string[]): string[] {
  const files: string[] = []
  let list = Number.POSITIVE_INFINITY
  for (const line of lines) {
    const content = line.slice(innerDepthOf(line))
    if (depthOf(line) >= list && depthOf(line) < innerDepthOf(line) && !isKey(content)) files.push(...pathsOf(content))
    else list = Number.POSITIVE_INFINITY
    const [, value] = /^(?:env_file|label_file|include|file|path):(.*)$/.exec(content) ?? []
    if (value === '') list = depthOf(line)
    else if (value) files.push(...pathsOf(value))
  }
  return files
}

/** The paths in a text, or in a list in brackets. */
function pathsOf(value: string): string[] {
  const words = value
    .trim()
    .replace(/^\[|\]$/g, '')
    .split(',')
  return words.map((each) => each.trim().replace(/^(["'])(.*)\1$/, '$2')).filter((each) => /^[^{&*!]/.test(each))
}

function isKey(content: string): boolean {
  return /^["']?[\w.-]+["']?:(?: |$)/.test(content)
}

/** A tab as indentation, a second key within a value, or a character that cannot start a text. */
function isOdd(line: string): boolean {
  const content = line.slice(innerDepthOf(line))
  const value = content.replace(/^["']?[\w.-]+["']?: +/, '')
  const isPlain = value !== content && !/^["'[{&*!|>]/.test(value)
  return content.startsWith('\t') || (isPlain && /: |:$/.test(value)) || /^[@`%]/.test(value)
}

function isBalanced(lines: readonly string[]): boolean {
  const bare = lines.map(withoutQuoted).join('\n')
  const count = (mark: string) => bare.split(mark).length
  return count('[') === count(']') && count('{') === count('}') && !/(?:^|[\s[{,])["']/.test(bare)
}

function withoutQuoted(line: string): string {
  return line.replace(/(^|[\s[{,])(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')/g, '$1')
}

/** Whether each deeper line is below a line that can have children, and each dedent returns to an earlier level. */
function isIndented(lines: readonly string[]): boolean {
  const open = [0]
  let before = ':'
  for (const line of lines) {
    const depth = depthOf(line)
    const last = open.at(-1) ?? 0
    if (depth > last && !/[:,[{\-\\]$|: +[&!]\S+$/.test(before)) return false
    while ((open.at(-1) ?? 0) > depth) open.pop()
    if (depth < last && open.at(-1) !== depth) return false
    for (const each of [depth, innerDepthOf(line)]) if (each > (open.at(-1) ?? 0)) open.push(each)
    before = line
  }
  return true
}
