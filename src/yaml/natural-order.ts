/**
 * Compares keys in go-yaml's order: numbers in them by value, all other characters before letters (`a2`, `a10`, `_a`, `A`, `a`).
 * Source: go-yaml, sorter.go.
 */
export function naturally(a: string, b: string): number {
  const [left, right] = [[...a], [...b]]
  const at = left.findIndex((character, index) => character !== right[index])
  const [ours, theirs] = [left[at], right[at]]
  if (at < 0 || ours === undefined || theirs === undefined) return left.length - right.length
  if (isLetter(ours) || isLetter(theirs)) return byLetter(ours, theirs, at > 0 && isDigit(left[at - 1]))
  return byNumber(left, right, at) || (ours < theirs ? -1 : 1)
}

/** Sorts letters after other characters, except right after a digit, where they come first. */
function byLetter(a: string, b: string, afterDigit: boolean): number {
  if (isLetter(a) && isLetter(b)) return a < b ? -1 : 1
  return isLetter(a) === afterDigit ? -1 : 1
}

function byNumber(a: readonly string[], b: readonly string[], at: number): number {
  const [ours, theirs] = [digitsAt(a, at), digitsAt(b, at)]
  const within = (a[at] === '0' || b[at] === '0') && /[1-9]\d*$/.test(a.slice(0, at).join(''))
  const value = (digits: string) => Number(`${within ? '1' : '0'}${digits}`)
  return value(ours) - value(theirs) || ours.length - theirs.length
}

function digitsAt(text: readonly string[], at: number): string {
  return /^\p{Nd}*/u.exec(text.slice(at).join(''))?.[0] ?? ''
}

function isLetter(character: string): boolean {
  return /\p{L}/u.test(character)
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && /\p{Nd}/u.test(character)
}
