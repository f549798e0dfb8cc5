import { StackError } from '../../../diagnostics/checked.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import { foreign } from '../../../diagnostics/foreign.ts'
import type { Engine, EngineStream } from '../../../docker/port.ts'
import type { DumpFamily, DumpTransfer } from '../../transfer.ts'
import { declaredFamily, declaredHomes } from './declared-server.ts'
import { DUMP_SCRIPTS } from './dump-scripts.ts'
import { serverDeclared, serverIn } from './dump-servers.ts'

export function dumpTransfer(engine: Engine): DumpTransfer {
  return {
    familyOf: async (container, signal) => (await serverIn(engine, container, signal))?.family,
    serverIn: (container, signal) => serverIn(engine, container, signal),
    declaredBy: serverDeclared,
    declared: declaredFamily,
    homesOf: declaredHomes,
    out: (container, family, signal) => dump(engine, container, family, signal),
    in: (container, family, source, signal) => load(engine, { container, family, source }, signal),
  }
}

async function* dump(
  engine: Engine,
  container: string,
  family: DumpFamily,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { exec, stream } = await begin(engine, { container, script: DUMP_SCRIPTS[family].out, stdin: false }, signal)
  const errors = lastWords()
  try {
    for await (const { stream: name, payload } of stream.output) {
      if (name === 'stdout') yield payload
      else errors.add(payload)
    }
    await succeeded(engine, exec, errors.text(), signal)
  } finally {
    stream.close()
  }
}

interface Loading {
  container: string
  family: DumpFamily
  source: AsyncIterable<Uint8Array>
}

async function load(engine: Engine, { container, family, source }: Loading, signal: AbortSignal): Promise<void> {
  const { exec, stream } = await begin(engine, { container, script: DUMP_SCRIPTS[family].in, stdin: true }, signal)
  const errors = lastWords()
  try {
    const end = drained(stream, errors.add)
    const isCut = await fed(stream, source, end)
    await end
    await succeeded(engine, exec, errors.text(), signal)
    if (isCut) throw failure('the client ended before it had read the whole dump', errors.text())
  } finally {
    stream.close()
  }
}

interface Program {
  container: string
  script: string
  stdin: boolean
}

async function begin(engine: Engine, { container, script, stdin }: Program, signal: AbortSignal) {
  const spec = { cmd: ['sh', '-c', script], stdin, tty: false, attached: true }
  const exec = await engine.createExec(container, spec, signal)
  return { exec, stream: await engine.attachExec(exec, { tty: false }, signal) }
}

async function drained(stream: EngineStream, onErrors: (payload: Uint8Array) => void): Promise<void> {
  for await (const { payload } of stream.output) onErrors(payload)
}

/** Whether the program stopped reading before the end. */
async function fed(stream: EngineStream, source: AsyncIterable<Uint8Array>, end: Promise<void>): Promise<boolean> {
  let isOver = false
  const note = () => {
    isOver = true
  }
  const over = end.then(note, note)
  for await (const chunk of source) {
    const written = stream.write(chunk).catch(() => over)
    await Promise.race([written, over])
    if (isOver) return true
  }
  stream.end()
  return false
}

const MOST_WORDS = 4096

/** The end of what a program prints to stderr. */
function lastWords() {
  let bytes: Buffer = Buffer.alloc(0)
  return {
    add(payload: Uint8Array) {
      const all = Buffer.concat([bytes, payload])
      bytes = all.subarray(Math.max(0, all.length - MOST_WORDS))
    },
    text: () => bytes.toString('utf8').trim(),
  }
}

const MOST_LOOKS = 100

/** The output may end a moment before the engine records the exit code; in that case, ask again. */
async function succeeded(engine: Engine, exec: string, words: string, signal: AbortSignal): Promise<void> {
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    const { running, exitCode } = await engine.inspectExec(exec, signal)
    if (running || exitCode === undefined) continue
    if (exitCode === 0) return
    throw failure(`the client of the database failed with exit code ${exitCode}`, words)
  }
  throw failure('the client of the database ended without an exit code', words)
}

function failure(sentence: string, words: string): StackError {
  const last = words.split('\n').slice(-3).join('\n')
  return new StackError([error('copy-failed', `${sentence}${last === '' ? '' : `: ${foreign(last)}`}`)])
}
