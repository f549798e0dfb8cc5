import { isAbsolute } from 'node:path'
import { StackError } from '../../../diagnostics/checked.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import { ownCommand } from '../../../diagnostics/own-command.ts'

/** One end of a copy: standard input or output, a path on this machine, or a path in a service's container. */
type End = { kind: 'stream' } | { kind: 'local'; path: string } | { kind: 'container'; service: string; path: string }

export type Copy =
  | { direction: 'in'; service: string; from: Exclude<End, { kind: 'container' }>; path: string }
  | { direction: 'out'; service: string; path: string; to: Exclude<End, { kind: 'container' }> }

/** The direction of a copy. Throws a StackError unless exactly one end is in a container. */
export function copyOf(source: string, destination: string): Copy {
  const [from, to] = [endOf(source), endOf(destination)]
  if (from.kind === 'container' && to.kind === 'container')
    throw wrong(
      'SOURCE and DESTINATION are both in containers',
      `copy ${source} to a folder here first, or pipe it: ${ownCommand(`cp ${source} -`)} | …`,
    )
  if (to.kind === 'container' && from.kind !== 'container')
    return { direction: 'in', service: to.service, from, path: to.path }
  if (from.kind === 'container' && to.kind !== 'container')
    return { direction: 'out', service: from.service, path: from.path, to }
  throw wrong('neither SOURCE nor DESTINATION is in a container', 'a path in a container is written SERVICE:PATH')
}

/** As in `docker compose cp`, a path is local if it is absolute or if the part before its first colon starts with a dot. */
function endOf(text: string): End {
  if (text === '-') return { kind: 'stream' }
  const colon = text.indexOf(':')
  if (isAbsolute(text) || colon <= 0 || text.startsWith('.')) return { kind: 'local', path: text }
  const path = text.slice(colon + 1)
  if (path === '') throw wrong(`no path follows "${text}"`, `${text}/ is the whole file system`)
  return { kind: 'container', service: text.slice(0, colon), path }
}

function wrong(message: string, hint: string): StackError {
  return new StackError([error('usage', message, { hint })])
}
