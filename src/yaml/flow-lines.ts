import type { Event } from 'js-yaml'

/** The maximum number of collections to fix one by one; a text with more counts as broken. */
const MOST_STOPS = 100

/** The maximum number of spaces to add; real files stay far below it. */
const MOST_ADDED = 4_000_000

interface Stop {
  reason: string
  position: number
}

/** A flow collection that spans several lines or contains tabs: its start and end, its continuation lines, its tabs. */
interface Collection {
  open: number
  close: number
  lines: readonly number[]
  tabs: readonly number[]
  /** A column further right than the indentation of every parent. */
  indent: number
}

/**
 * In a flow collection, libyaml and its descendants, including Compose's parser, accept tabs, and lines with less
 * indentation than YAML 1.2.2 (7.4) requires; js-yaml does not:
 *
 *     command: [
 *       "a"
 *     ]
 *
 * Indents such lines further and parses the text again, then maps the offsets of the events or of the error back to the
 * original text.
 */
export function withFlowLinesIndented(
  text: string,
  stopped: Stop,
  parse: (text: string) => Event[] | Stop,
): Event[] | Stop {
  if (!isDeficient(stopped)) return stopped
  const all = collectionsIn(text)
  if (!holding(all, stopped.position)) return stopped
  if (all.reduce((sum, { lines, indent }) => sum + lines.length * indent, 0) > MOST_ADDED) return stopped
  const attempt = parseWith(all, text, parse)
  return 'reason' in attempt ? oneByOne(all, text, stopped, parse) : attempt
}

function isDeficient({ reason }: Stop): boolean {
  return /deficient indentation/.test(reason)
}

function holding(all: readonly Collection[], offset: number): Collection | undefined {
  return all.find(({ open, close }) => open < offset && offset <= close)
}

/** Block scalars may contain text that looks like a collection: only collections in which the parser stopped are changed. */
function oneByOne(
  all: readonly Collection[],
  text: string,
  stopped: Stop,
  parse: (text: string) => Event[] | Stop,
): Event[] | Stop {
  const chosen = new Set<Collection>()
  let stop = stopped
  for (let count = 0; count < MOST_STOPS && isDeficient(stop); count++) {
    const next = holding(all, stop.position)
    if (!next || chosen.has(next)) return stopped
    const result = parseWith([...chosen.add(next)], text, parse)
    if (!('reason' in result)) return result
    stop = result
  }
  return stop
}

/** The events or the error, with offsets into the original text. */
function parseWith(
  chosen: readonly Collection[],
  text: string,
  parse: (text: string) => Event[] | Stop,
): Event[] | Stop {
  const ordered = [...chosen].sort((a, b) => a.open - b.open)
  const cuts = ordered.flatMap(({ lines, indent }) => lines.map((at) => ({ at, indent })))
  const tabs = new Set(ordered.flatMap((each) => each.tabs))
  const spaced = tabs.size === 0 ? text : text.replace(/\t/g, (tab, at: number) => (tabs.has(at) ? ' ' : tab))
  const pieces: string[] = []
  let from = 0
  for (const { at, indent } of cuts) {
    pieces.push(spaced.slice(from, at), ' '.repeat(indent))
    from = at
  }
  const result = parse([...pieces, spaced.slice(from)].join(''))
  const back = offsetsBack(cuts)
  return 'reason' in result ? { ...result, position: back(result.position) } : result.map((event) => moved(event, back))
}

type Back = (offset: number) => number

function offsetsBack(cuts: readonly { at: number; indent: number }[]): Back {
  const starts: { at: number; added: number }[] = []
  let added = 0
  for (const { at, indent } of cuts) {
    starts.push({ at: at + added, added })
    added += indent
  }
  return (offset) => {
    let [low, high] = [0, starts.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((starts[middle]?.at ?? 0) <= offset) low = middle + 1
      else high = middle
    }
    const cut = cuts[low - 1]
    return cut ? Math.max(cut.at, offset - (starts[low - 1]?.added ?? 0) - cut.indent) : offset
  }
}

/** The numbers of an event that are offsets. */
const OFFSETS = ['start', 'end', 'valueStart', 'valueEnd', 'anchorStart', 'anchorEnd', 'tagStart', 'tagEnd']

function moved(event: Event, back: Back): Event {
  const changes = Object.entries(event).flatMap(([key, value]): [string, number][] =>
    OFFSETS.includes(key) && typeof value === 'number' && value >= 0 ? [[key, back(value)]] : [],
  )
  return { ...event, ...Object.fromEntries(changes) }
}

/** The part of a line before a bracket that starts a value: indentation, dashes, a key, a tag or an anchor. */
const START =
  /^([ \t]*(?:[-?][ \t]+)*)(?:(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\s"'[\]{}#,](?:[^:\n]|:(?=\S))*)[ \t]*:[ \t]+)?(?:[&!][^\s,[\]{}]*[ \t]+)*(?=[[{])/gm

/** An unclosed bracket requires a search to the end of the text: this limits the number of such searches. */
const MOST_OPEN = 4

function collectionsIn(text: string): Collection[] {
  const found: Collection[] = []
  const pattern = new RegExp(START)
  let open = 0
  for (let match = pattern.exec(text); match && open < MOST_OPEN; match = pattern.exec(text)) {
    const [written, around = ''] = match
    const start = match.index + written.length
    const { close, lines, tabs } = extent(text, start)
    if (close === undefined) open++
    else if (lines.length + tabs.length > 0) found.push({ open: start, close, lines, tabs, indent: around.length + 1 })
    pattern.lastIndex = (close ?? start) + 1
  }
  return found
}

const TOKEN = /"(?:[^"\\]|\\.)*"|(?<=[\s,:[{])'(?:[^']|'')*'|(?<=\s)#[^\n]*|[[\]{}]|[\n\t]/gs

/** The position at which the bracket at `open` is closed, if any, with the line starts and tabs before that. */
function extent(text: string, open: number): { close?: number; lines: number[]; tabs: number[] } {
  const [lines, tabs]: [number[], number[]] = [[], []]
  const pattern = new RegExp(TOKEN)
  pattern.lastIndex = open
  let depth = 0
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const [token] = match
    if (token === '[' || token === '{') depth++
    else if (token === ']' || token === '}') depth--
    else if (token === '\t') tabs.push(match.index)
    else lines.push(...linesWithin(token, match.index))
    if (depth === 0) return { close: match.index, lines, tabs }
  }
  return { lines, tabs }
}

function linesWithin(token: string, start: number): number[] {
  return token.startsWith('#') ? [] : Array.from(token.matchAll(/\n/g), ({ index }) => start + index + 1)
}
