import { isContentId } from '../../lockfile/content-id.ts'
import { isMapping } from '../../util/object.ts'
import { fields, list, number, optional, record, type Shape, text } from '../../util/shape.ts'
import { INDEX } from '../bag/layout.ts'
import { refused } from '../problem.ts'
import type { PackIndex } from '../types.ts'

const digest = matching(/^sha256:[0-9a-f]{64}$/, 'a digest')
const sum = matching(/^[0-9a-f]{64}$/, 'a checksum')
const family = matching(/^(?:mysql|postgresql)$/, 'a kind of database')
const from = matching(/^(?:file|environment|variable)$/, 'a place of secrets')
const contentId = has((value) => typeof value === 'string' && isContentId(value), 'a content id')
const bytes = has((value) => Number.isSafeInteger(value) && Number(value) >= 0, 'a number of bytes')
const texts = list(text)

const SHAPE = fields({
  format: number,
  name: text,
  content: sum,
  platform: text,
  services: texts,
  stackFiles: texts,
  leftOut: texts,
  images: list(
    fields({ names: texts, contentId, services: texts, config: digest, manifest: digest, layers: list(digest) }),
  ),
  volumes: list(fields({ name: text, path: text, driver: optional(text), options: optional(record(text)) })),
  dumps: list(fields({ service: text, family, volume: optional(text), path: text })),
  folders: list(fields({ path: text, source: text })),
  secrets: list(fields({ name: text, from, place: text })),
  compressed: list(fields({ path: text, size: bytes, sha256: sum })),
})

/** Reads `data/flotilla.json`. @throws StackError */
export function parseIndex(source: Uint8Array): PackIndex {
  const value = parsed(source)
  if (isMapping(value) && Number.isInteger(value.format) && value.format !== 1)
    throw refused(`the pack has format ${value.format}, and only format 1 is known`, INDEX, 'use a newer flotilla')
  const misfit = SHAPE(value)
  if (misfit) throw refused(`it is malformed: ${misfit.path} has ${misfit.words}`, INDEX)
  return value as PackIndex
}

function parsed(source: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(source).toString())
  } catch {
    throw refused('it is not JSON', INDEX)
  }
}

function has(is: (value: unknown) => boolean, what: string): Shape {
  return (value) => (is(value) ? undefined : { path: '', words: `something else than ${what}` })
}

function matching(pattern: RegExp, what: string): Shape {
  return has((value) => typeof value === 'string' && pattern.test(value), what)
}
