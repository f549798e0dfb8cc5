import type { StepInfo } from '../../execute/event.ts'
import type { Verb } from '../../plan/step.ts'
import { type Address, kindOf, shortName } from '../../stack/address.ts'
import { oneLine } from '../redact/visible.ts'

interface Words {
  doing: string
  done: string
}

/** A step's verb while it runs and once it is done. */
export const WORDS: Readonly<Record<Verb, Words>> = {
  pull: { doing: 'pulling', done: 'pulled' },
  push: { doing: 'pushing', done: 'pushed' },
  build: { doing: 'building', done: 'built' },
  create: { doing: 'creating', done: 'created' },
  connect: { doing: 'connecting', done: 'connected' },
  disconnect: { doing: 'disconnecting', done: 'disconnected' },
  attach: { doing: 'attaching', done: 'attached' },
  start: { doing: 'starting', done: 'started' },
  wait: { doing: 'waiting', done: 'ready' },
  stop: { doing: 'stopping', done: 'stopped' },
  kill: { doing: 'killing', done: 'killed' },
  pause: { doing: 'pausing', done: 'paused' },
  unpause: { doing: 'unpausing', done: 'unpaused' },
  remove: { doing: 'removing', done: 'removed' },
  rename: { doing: 'renaming', done: 'renamed' },
  update: { doing: 'updating', done: 'updated' },
  copy: { doing: 'copying', done: 'copied' },
  check: { doing: 'checking', done: 'checked' },
  run: { doing: 'running a hook', done: 'hook run' },
}

/** `starting`; for a wait, including its goal: `waiting until it is healthy`. */
export function doingText({ verb, cause, awaits }: Pick<StepInfo, 'verb' | 'cause' | 'awaits'>): string {
  return awaits ? `${WORDS[verb].doing} ${cause}` : WORDS[verb].doing
}

/** `web-1` for containers and services, `network default` for kinds that the name alone does not show. */
export function titleOf(address: Address): string {
  return oneLine(nameOf(address))
}

function nameOf(address: Address): string {
  const kind = kindOf(address)
  const name = shortName(address)
  if (kind === 'container') return name
  return kind === 'service' || kind === 'oneoff' ? name : `${kind} ${name}`
}

const ORDER = ['network', 'volume', 'image', 'service', 'container', 'orphan', 'oneoff', 'stack'] as const

/** The position in a list: dependencies first. */
export function rankOf(address: Address): number {
  return ORDER.indexOf(kindOf(address))
}

/** Whether steps with these verbs together replace a container, possibly by one that an earlier command created. */
export function isReplacement(verbs: ReadonlySet<Verb>): boolean {
  return verbs.has('remove') && REPLACING.some((verb) => verbs.has(verb))
}

/** Whether steps with these verbs stop a container and start the same one again. */
export function isRestart(verbs: ReadonlySet<Verb>): boolean {
  return verbs.has('stop') && verbs.has('start') && !verbs.has('remove') && !verbs.has('create')
}

const REPLACING: readonly Verb[] = ['create', 'build', 'pull', 'rename']
