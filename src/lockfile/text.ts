import { isMapping } from '../util/object.ts'
import { dumpYaml } from '../yaml/dump.ts'
import { LOCK_VERSION, type Lock } from './model.ts'

const HEAD = `# Written by flotilla: what this stack consists of. Commit it, but do not edit it.
# Facts below "noted" may differ. Values of secrets are not in this file, nor hashes of them.
`

/** The text of a lock file: deterministic, with sorted keys, one fact a line. */
export function lockText({ images, stack, files, noted }: Lock): string {
  const { services = {}, ...rest } = stack
  const parts: [string, unknown][] = [
    ['flotilla-lock', LOCK_VERSION],
    ['images', images],
    ['services', services],
    ...Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)),
    ['files', files],
    ['noted', noted],
  ]
  const filled = parts.filter(([key, part]) => key === 'services' || !isEmpty(part))
  return HEAD + dumpYaml(new Map(filled.map(([key, part]) => [key, inOrder(part)])))
}

function isEmpty(part: unknown): boolean {
  return isMapping(part) && Object.keys(part).length === 0
}

/** Sorted by code unit, also keys that look like numbers. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (!isMapping(value)) return value
  const keys = Object.keys(value).filter((key) => value[key] !== undefined)
  return new Map(keys.sort().map((key) => [key, inOrder(value[key])]))
}
