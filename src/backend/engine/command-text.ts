/** Formats a command as a user would type it. */
export function commandText(words: readonly string[]): string {
  return words.map((word) => (word === '' || /[\s"']/.test(word) ? JSON.stringify(word) : word)).join(' ')
}
