import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { openBackend, openReader } from '../../src/backend/registry.ts'
import { runProgram } from '../../src/cli/program.ts'
import { COMMANDS } from '../../src/command/table.ts'
import type { Engine } from '../../src/docker/port.ts'
import { type HostOptions, type TestHost, testHost } from '../cli/support.ts'
import { wallTime } from '../support/memory/world.ts'
import { type MemoryEngine, type MemoryOptions, memoryEngine } from '../support/memory-engine.ts'
import { quickFolder } from '../support/quick-folder.ts'

export interface Ran {
  code: number
  out: string
  err: string
}

/** A directory with files and an engine in memory, on which whole commands run. */
export interface Lab {
  directory: string
  engine: MemoryEngine
  write(files: Record<string, string>): void
  run(...argv: string[]): Promise<Ran>
  /** As `run`, without waiting for the end. */
  begin(argv: string[], options?: HostOptions): TestHost & { ended: Promise<Ran> }
  remove(): void
}

export function lab(files: Record<string, string>, options: MemoryOptions = {}): Lab {
  const directory = quickFolder('flotilla-command-')
  const stateFolder = `${directory}-state`
  const engine = memoryEngine(options)
  const begin = (argv: string[], more: HostOptions = {}) => {
    const hosted = testHost(argv, {
      cwd: directory,
      stateFolder,
      clock: engine.clock,
      wallTime: () => wallTime(engine.clock.now()),
      openBackend: (opened) => openBackend({ backend: 'engine', engine }, opened),
      openReader: () => openReader({ backend: 'engine', engine }),
      engineVersion: (signal) => engine.version(signal),
      ...more,
    })
    const ended = runProgram(hosted.host, COMMANDS).then((code) => ({ code, out: hosted.out(), err: hosted.err() }))
    return { ...hosted, ended }
  }
  const write = (all: Record<string, string>) => {
    for (const [name, text] of Object.entries(all)) {
      mkdirSync(dirname(join(directory, name)), { recursive: true })
      writeFileSync(join(directory, name), text)
    }
  }
  write(files)
  return {
    directory,
    engine,
    write,
    begin,
    run: (...argv) => begin(argv).ended,
    remove: () => {
      for (const each of [directory, stateFolder]) rmSync(each, { recursive: true, force: true })
    },
  }
}

/** Runs the body in a lab that is removed afterwards. */
export async function withLab<T>(
  files: Record<string, string>,
  options: MemoryOptions,
  body: (lab: Lab) => Promise<T>,
): Promise<T> {
  const own = lab(files, options)
  try {
    return await body(own)
  } finally {
    own.remove()
  }
}

/** Options of `begin` for commands that see this engine, a changed copy of the lab's. */
export function seeing(engine: Engine): Pick<HostOptions, 'openBackend'> {
  return { openBackend: (options) => openBackend({ backend: 'engine', engine }, options) }
}

/** Waits until a condition holds; virtual time passes by itself meanwhile. */
export async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; ) {
    if (condition()) return
    await new Promise((resolve) => setImmediate(resolve))
  }
  throw new Error('it never came to that')
}
