import { relative } from 'node:path'
import type { Span } from '../../diagnostics/span.ts'
import type { Explanation, Waiting } from '../../plan/explain.ts'
import type { Palette } from '../palette.ts'
import { titleOf } from '../progress/words.ts'
import { prose } from '../prose.ts'
import { oneLine } from '../redact/visible.ts'
import { padEnd, widthOf } from '../width.ts'

interface Look {
  palette: Palette
  workingDirectory: string
  /** The width at which sentences are wrapped: Infinity unless they go to a terminal. */
  wrapAt: number
}

interface Line {
  left: string
  why: string
  at: string
}

/** The tree of a service's dependencies, with the reasons and the places of their declarations. Ends with a newline. */
export function explainOutput(service: string, explanation: Explanation, look: Look): string {
  const { palette, workingDirectory, wrapAt } = look
  const place = (span?: Span) => (span ? `${shortPath(span.file, workingDirectory)}:${span.line}:${span.col}` : '')
  const tree = explanation.waits.flatMap((each) => [headOf(each), ...branches(each, '', place)])
  const met = explanation.met.map((each) => ({
    left: `${each.service}: waits for nothing`,
    why: each.why,
    at: place(each.at),
  }))
  const all = tree.length > 0 ? [...tree, ...met] : [{ left: `${service}: nothing to do`, why: '', at: '' }, ...met]
  const lines = all.map((line) => ({ left: oneLine(line.left), why: oneLine(line.why), at: oneLine(line.at) }))
  const [left, why] = [widest(lines.map((each) => each.left)), widest(lines.map((each) => each.why))]
  const text = (line: Line) => `${padEnd(line.left, left)}  ${padEnd(line.why, why)}  ${palette.dim(line.at)}`.trimEnd()
  const whole = lines.map(text)
  const shown = whole.some((line) => widthOf(line) > wrapAt) ? lines.map((line) => narrow(line, look)) : whole
  return shown.map((line) => `${line}\n`).join('')
}

/** The reason and the place below a line of the tree. */
function narrow({ left, why, at }: Line, { palette, wrapAt }: Look): string {
  const indent = left.search(/[^ │├└─]/) + 4
  const place = { columns: wrapAt, taken: indent, indent }
  const below = [prose(why, place), palette.dim(at)].filter((text) => text !== '')
  return [prose(left, { columns: wrapAt, indent }), ...below.map((text) => `${' '.repeat(indent)}${text}`)].join('\n')
}

function headOf(waiting: Waiting): Line {
  return { left: `${titleOf(waiting.address)}: ${waiting.verbs.join(', ')}`, why: '', at: '' }
}

function branches(waiting: Waiting, indent: string, place: (span?: Span) => string): Line[] {
  return waiting.needs.flatMap((each, index) => {
    const last = index === waiting.needs.length - 1
    const own = {
      left: `${indent}${last ? '└─' : '├─'} ${headOf(each).left}${each.again ? ' (see above)' : ''}`,
      why: each.why ?? '',
      at: place(each.at),
    }
    return [own, ...branches(each, `${indent}${last ? '   ' : '│  '}`, place)]
  })
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(widthOf))
}

function shortPath(file: string, directory: string): string {
  const path = relative(directory, file)
  return path.startsWith('..') ? file : path
}
