import { LAUNCHED_AS, METADATA } from './call.ts'
import { metadataOf } from './metadata.ts'

const MARK = '# A docker CLI plugin, written by: flotilla plugin install'

interface Launched {
  plugin: string
  /** The program and arguments that start flotilla, with absolute paths. */
  program: readonly string[]
  version: string
}

/** A POSIX shell script that answers docker's metadata request itself, since docker sends one before each command. */
export function launcher({ plugin, program, version }: Launched): string {
  const metadata = quoted(metadataOf(plugin, version))
  const command = [...program, `${LAUNCHED_AS}${plugin}`].map(quoted).join(' ')
  return `#!/bin/sh\n${MARK}\nif [ "$1" = ${METADATA} ]; then\n  echo ${metadata}\nelse\n  exec ${command} "$@"\nfi\n`
}

export function isLauncher(text: string): boolean {
  return text.split('\n', 2)[1] === MARK
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
