import { createHash } from 'node:crypto'
import { caseless, nameProblem } from '../bag/names.ts'

/** The name of a volume or a service as part of a file's name: another one for each, also where the file system ignores case. */
export function fileName(name: string): string {
  if (name === caseless(name) && nameProblem(`${name}.tar`) === undefined) return name
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8)
  return `${name.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, 100)}-${hash}`
}
