import { oneLine } from '../../view/redact/visible.ts'
import type { Word } from './wanted.ts'

/** Tells a shell how to treat the candidates (spf13/cobra, `ShellCompDirective`): docker's own scripts read the same from its plugins. */
export const DIRECTIVE = { error: 1, noSpace: 2, noFiles: 4, folders: 16 } as const

/** One candidate per line, with its description after a tab, and the directive last: the format of cobra's scripts. */
export function completionText(words: readonly Word[], directive: number, described: boolean): string {
  const lines = words.map(({ word, means }) => oneLine(word) + (described && means ? `\t${oneLine(means)}` : ''))
  return [...lines, `:${directive}`].map((line) => `${line}\n`).join('')
}
