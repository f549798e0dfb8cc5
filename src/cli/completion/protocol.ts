import { oneLine } from '../../view/redact/visible.ts'
import type { Word } from './wanted.ts'

/**
 * What a shell is to do besides offering the candidates (spf13/cobra, `ShellCompDirective`): docker's own scripts read the same of its
 * plugins.
 */
export const DIRECTIVE = { error: 1, noSpace: 2, noFiles: 4, folders: 16 } as const

/** One candidate a line, with its meaning behind a tab, and the directive last, as cobra's scripts read them. */
export function completionText(words: readonly Word[], directive: number, described: boolean): string {
  const lines = words.map(({ word, means }) => oneLine(word) + (described && means ? `\t${oneLine(means)}` : ''))
  return [...lines, `:${directive}`].map((line) => `${line}\n`).join('')
}
