import { error, warning } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import { withoutSecrets } from '../tree/excerpt.ts'
import { scalarLike, seqLike, textOf } from '../tree/nodes.ts'
import type { Rule } from '../tree/rewrite.ts'
import { textList } from './text.ts'

/** Converts a command to a list of words. A string is split as in a shell, but no shell runs it: it ends at the first operator. */
export const shellWords: Rule = (node, report) => {
  if (node.kind !== 'scalar') return textList(node, report)
  const line = textOf(node)
  const { words, unclosed, operator } = splitWords(line)
  if (unclosed !== undefined) {
    const hint = 'close it, or write the command as a list'
    report(error('invalid-value', `the command has an unclosed ${unclosed}`, { at: node.at, hint }))
    return undefined
  }
  if (operator !== undefined) {
    const hint = `write ["sh", "-c", ${withoutSecrets(foreign(JSON.stringify(line)), node)}] to run all of it in a shell`
    report(
      warning('invalid-value', `the command ends at "${operator}" because no shell runs it`, { at: node.at, hint }),
    )
  }
  const items = words.map((word) => scalarLike(word, node)).map(({ tag: _, ...word }) => word)
  return seqLike(items, node)
}

interface Words {
  words: string[]
  /** The construct that lacks its end. */
  unclosed?: string
  /** The shell operator at which the command ends. */
  operator?: string
}

const TOKEN =
  /(?<space>\s+)|\\(?<escaped>.)|'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\.)*)"|(?<kept>`(?:[^`\\]|\\.)*`|\$\((?:[^)\\]|\\.)*\))|(?<operator>[;&|<>]+)|(?<plain>[^\s\\'"`;&|<>()$]+|\$)/gsy

const UNCLOSED: Readonly<Record<string, string>> = {
  "'": "quote (')",
  '"': 'quote (")',
  '`': 'backquote (`)',
  '\\': 'escape (\\ at the end)',
}

/**
 * Words as `docker compose` splits them (mattn/go-shellwords without variables or backquotes): quotes group and vanish,
 * a backslash outside single quotes takes the next character literally, backquotes and `$(…)` group and stay.
 */
export function splitWords(line: string): Words {
  const words: string[] = []
  let word: string | undefined
  let end = 0
  for (const { index, 0: token, groups = {} } of line.matchAll(TOKEN)) {
    end = index + token.length
    if (groups.operator) return { words: [...words, ...lastBefore(groups.operator, word)], operator: groups.operator }
    if (groups.space === undefined) word = (word ?? '') + meant(groups)
    else words.push(...(word === undefined ? [] : [word]))
    if (groups.space !== undefined) word = undefined
  }
  if (end < line.length) return { words, unclosed: UNCLOSED[line[end] ?? ''] ?? 'parenthesis' }
  return { words: word === undefined ? words : [...words, word] }
}

function meant({ escaped, single, double, kept, plain }: Readonly<Record<string, string | undefined>>): string {
  return escaped ?? single ?? plain ?? (double ?? kept ?? '').replace(/\\(.)/gs, '$1')
}

/** The number before `>` belongs to the operator: `2>file`. */
function lastBefore(operator: string, word: string | undefined): string[] {
  return word === undefined || (operator.startsWith('>') && /^\d/.test(word)) ? [] : [word]
}
