import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fields, list, text } from '../../../util/shape.ts'
import { parsedJson } from '../../../util/text.ts'

/** In a folder that was renamed into place, until the volumes are released too. */
const NAME = '.flotilla-unpacked'

export interface Marker {
  /** The content hash of the pack. */
  content: string
  /** The project's name. */
  project: string
  /** Volumes that are whole and still marked as half filled, with the ids of their marks. */
  volumes: { name: string; id: string }[]
}

const SHAPE = fields({ content: text, project: text, volumes: list(fields({ name: text, id: text })) })

export function writeMarker(root: string, marker: Marker): Promise<void> {
  return writeFile(join(root, NAME), JSON.stringify(marker))
}

/** Undefined if there is none, or if somebody else wrote it. */
export async function readMarker(root: string): Promise<Marker | undefined> {
  const value = parsedJson(await readFile(join(root, NAME), 'utf8').catch(() => ''))
  if (SHAPE(value)) return undefined
  return value as Marker
}

export function removeMarker(root: string): Promise<void> {
  return rm(join(root, NAME), { force: true })
}
