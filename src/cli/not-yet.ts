import { ownCommand } from '../diagnostics/own-command.ts'

/**
 * Commands of `docker compose` 5 that flotilla does not have yet, each with an alternative. Source: docs/reference of docker/compose
 * 5.5. Remove an entry when its command is added.
 */
const COMMANDS: Readonly<Record<string, string | undefined>> = {}

/** Commands of `docker compose` that flotilla leaves out on purpose, each with the reason and alternatives. */
const LEFT_OUT: Readonly<Record<string, { why: string; hint: string }>> = {
  bridge: {
    why: 'it converts stacks to Kubernetes with images from Docker',
    hint: `${ownCommand('config')} prints the whole stack for other converters, e.g. kompose`,
  },
  alpha: {
    why: 'it contains experiments of docker compose',
    hint: `${ownCommand('plan --explain SERVICE')} prints what a service waits for; ${ownCommand('config')} prints the whole stack`,
  },
}

/** Words from other tools and plain English, with the equivalent flotilla command. */
const MEANINGS: Readonly<Record<string, string>> = {
  bash: 'exec SERVICE sh',
  check: 'config -q',
  connect: 'exec SERVICE sh',
  delete: 'down, or rm for stopped containers',
  deploy: 'up -d',
  destroy: 'down',
  diff: 'plan',
  info: 'ps',
  generate: 'init',
  inspect: 'config --explain, or ps --format json',
  launch: 'up',
  lint: 'config -q',
  list: 'ps, or ls for all projects',
  log: 'logs',
  recreate: 'up --force-recreate',
  new: 'init',
  reload: 'up, or restart',
  remove: 'down, or rm for stopped containers',
  shell: 'exec SERVICE sh',
  ssh: 'exec SERVICE sh',
  sh: 'exec SERVICE sh',
  stat: 'stats',
  state: 'ps',
  status: 'ps',
  tail: 'logs -f',
  update: 'up',
  upgrade: 'up --pull always',
  urls: 'endpoints',
  validate: 'config -q',
}

/** A command that does not exist yet, with an alternative; undefined for any other word. */
export function commandNotYet(name: string): { hint: string | undefined } | undefined {
  return Object.hasOwn(COMMANDS, name) ? { hint: COMMANDS[name] } : undefined
}

/** A command that flotilla leaves out on purpose; undefined for any other word. */
export function commandLeftOut(name: string): { why: string; hint: string } | undefined {
  return Object.hasOwn(LEFT_OUT, name) ? LEFT_OUT[name] : undefined
}

/** How flotilla does what the word means. */
export function meaningOf(word: string): string | undefined {
  return Object.hasOwn(MEANINGS, word) ? ownCommand(MEANINGS[word] ?? '') : undefined
}

/** Every command in the table; a test compares it with the program's commands. */
export const COMMANDS_NOT_YET: readonly string[] = Object.keys(COMMANDS)
