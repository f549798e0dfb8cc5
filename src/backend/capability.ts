import { StackError } from '../diagnostics/checked.ts'
import { error } from '../diagnostics/diagnostic.ts'
import type { Reader } from './reader.ts'

interface Capabilities extends Required<Pick<Reader, 'files' | 'images' | 'look' | 'packages' | 'transfer'>> {}

const NAMES: Readonly<Record<keyof Capabilities, string>> = {
  files: 'read and write files of containers',
  images: 'look up images',
  look: 'show images, volumes, processes and usage of containers',
  packages: 'list the packages in images',
  transfer: 'pack and unpack images, volumes and databases',
}

/** A part of a reader that only some backends have. Throws a StackError `not-supported` if this one lacks it. */
export function capabilityOf<K extends keyof Capabilities>(reader: Pick<Reader, K>, name: K): Capabilities[K] {
  const found = reader[name] as Capabilities[K] | undefined
  if (!found) throw new StackError([error('not-supported', `this backend cannot ${NAMES[name]}`)])
  return found
}
