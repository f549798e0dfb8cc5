/**
 * Patterns of `.dockerignore` (https://docs.docker.com/build/concepts/context/#dockerignore-files): a path is left out if the last pattern that
 * matches it, or a folder above it, is not an exception.
 */
export interface Ignore {
  ignores(path: string): boolean
  /** Whether an excluded folder may contain something that is included. */
  mayKeepBelow(folder: string): boolean
}

/** A pattern is malformed. */
export class PatternError extends Error {
  override readonly name = 'PatternError'
}

interface Pattern {
  regex: RegExp
  exception: boolean
  parts: string[]
}

/** @throws PatternError */
export function parseIgnore(text: string): Ignore {
  const patterns = text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .flatMap(patternOf)
  return {
    ignores: (path) => isIgnored(patterns, path),
    mayKeepBelow: (folder) => patterns.some((pattern) => pattern.exception && reachesBelow(pattern, folder)),
  }
}

function patternOf(line: string): Pattern[] {
  const exception = line.startsWith('!')
  const cleaned = clean(exception ? line.slice(1).trim() : line)
  return cleaned === '' ? [] : [{ regex: toRegex(cleaned), exception, parts: cleaned.split('/') }]
}

/** Removes leading and trailing slashes, `.` and `..`: all patterns start at the context's root. */
function clean(pattern: string): string {
  const parts: string[] = []
  for (const part of pattern.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return parts.join('/')
}

function isIgnored(patterns: Pattern[], path: string): boolean {
  const paths = withParents(path)
  const matches = ({ regex }: Pattern) => paths.some((each) => regex.test(each))
  return patterns.reduce((ignored, pattern) => (matches(pattern) ? !pattern.exception : ignored), false)
}

/** The path and the folders that it lies in, outermost first. */
export function withParents(path: string): string[] {
  const parts = path.split('/')
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

/** Whether the folder could be a prefix of a path that the pattern matches. */
function reachesBelow(pattern: Pattern, folder: string): boolean {
  const names = folder.split('/')
  for (const [index, name] of names.entries()) {
    const part = pattern.parts[index]
    if (part === undefined) return true
    if (part === '**') return true
    if (!toRegex(part).test(name)) return false
  }
  return true
}

/** `**` matches any number of folders, `*` and `?` match within one name, `[a-z]` is a class, `\` escapes the next character. */
function toRegex(pattern: string): RegExp {
  let source = ''
  for (let at = 0; at < pattern.length; ) {
    const { regex, length } = nextToken(pattern, at)
    source += regex
    at += length
  }
  try {
    return new RegExp(`^${source}$`, 's')
  } catch {
    throw new PatternError(`malformed pattern "${pattern}"`)
  }
}

function nextToken(pattern: string, at: number): { regex: string; length: number } {
  const rest = pattern.slice(at)
  if (rest.startsWith('**/')) return { regex: '(?:.*/)?', length: 3 }
  if (rest.startsWith('**')) return { regex: '.*', length: 2 }
  if (rest.startsWith('*')) return { regex: '[^/]*', length: 1 }
  if (rest.startsWith('?')) return { regex: '[^/]', length: 1 }
  if (rest.startsWith('\\') && rest.length > 1) return { regex: escaped(rest.charAt(1)), length: 2 }
  const range = rest.match(/^\[(\^?)((?:\\.|[^\]\\])+)\]/s)
  if (range) return { regex: `[${range[1]}${(range[2] ?? '').replace(/\[/g, '\\[')}]`, length: range[0].length }
  return { regex: escaped(rest.charAt(0)), length: 1 }
}

function escaped(char: string): string {
  return char.replace(/[.*+?^${}()|[\]\\/-]/, '\\$&')
}
