import type { Event, MappingEvent, ScalarEvent, SequenceEvent } from 'js-yaml'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Anchors } from './alias.ts'
import { type Source, spanBetween } from './lines.ts'
import { readTag, type Tag } from './tag.ts'
import type { Tree } from './tree.ts'

export type NodeEvent = ScalarEvent | SequenceEvent | MappingEvent

/** The state of one walk over the events; every function here consumes events from `next` on. */
export interface Walk {
  source: Source
  events: readonly Event[]
  next: number
  /** The offset at which the last consumed node ended. */
  end: number
  anchors: Anchors
  /** The number of aliases that could not be resolved, reported or not. */
  unresolved: number
  diagnostics: Diagnostic[]
}

/** Marks a value whose problem was reported: later phases remove it without checks, but its name stays known. */
export const UNUSABLE = { tag: '!reset' } as const

export function tagOf(walk: Walk, event: NodeEvent, kind: Tree['kind']): Tag {
  const at = spanBetween(walk.source, event.tagStart, event.tagEnd)
  const { tag, problem } = readTag(walk.source.text.slice(event.tagStart, event.tagEnd), kind, at)
  if (problem) walk.diagnostics.push(problem)
  return tag
}
