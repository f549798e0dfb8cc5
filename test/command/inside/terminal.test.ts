import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Session, Spoken } from '../../../src/backend/session.ts'
import { Context } from '../../../src/cli/context.ts'
import { GLOBAL_FLAGS } from '../../../src/cli/globals.ts'
import type { Console } from '../../../src/cli/host.ts'
import { parse } from '../../../src/cli/parse.ts'
import { converse, type Ending } from '../../../src/command/inside/terminal/terminal.ts'
import { unwrap } from '../../../src/diagnostics/checked.ts'
import { testHost } from '../../cli/support.ts'

/** How a talk is brought to its end. */
type End = 'exit' | 'broken' | 'detach' | 'signal' | 'unwritable'

interface Stage {
  /** What was done to the terminal and to the program, in order. */
  told: string[]
  context: Context
  session: Session
  raise(signal: string): void
}

/** A terminal and a program that only note what is done to them. */
function stage(end: End, forwards: boolean): Stage {
  const told: string[] = []
  let finish: (error?: Error) => void = () => undefined
  const over = new Promise<void>((resolve, reject) => {
    finish = (error) => (error ? reject(error) : resolve())
  })
  async function* output(): AsyncGenerator<Spoken> {
    yield { stream: 'stdout', payload: Buffer.from('hello') }
    if (end === 'exit') return
    if (end === 'broken') throw new Error('the connection broke')
    await over
  }
  const session: Session = {
    output: output(),
    async write(bytes) {
      if (end !== 'unwritable') return void told.push(`write ${Buffer.from(bytes).toString('latin1')}`)
      finish()
      throw new Error('it takes nothing')
    },
    end: () => void told.push('end'),
    close: () => finish(),
    resize: async ({ columns }) => void told.push(`resize ${columns}`),
    exitCode: async () => 7,
    ...(forwards && {
      async signal(name: string) {
        told.push(`signal ${name}`)
        finish()
      },
    }),
  }
  let listener: (signal: string) => void = () => told.push('interrupted')
  const usual = listener
  const { host } = testHost([])
  const console: Console = {
    ...host.console,
    isTTY: () => true,
    async *input(signal) {
      yield Buffer.from(end === 'detach' ? 'a\x10\x11b' : 'a')
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
    },
    raw() {
      told.push('raw')
      return () => void told.push('restored')
    },
    onResize: () => () => void told.push('unwatched'),
  }
  const interrupts = {
    ...host.interrupts,
    divert(to: (signal: string) => void) {
      listener = to
      return () => {
        listener = usual
      }
    },
  }
  const globals = unwrap(parse([], GLOBAL_FLAGS, 'flotilla')).values
  const context = new Context({ ...host, console, interrupts }, globals as unknown as Context['globals'])
  return { told, context, session, raise: (signal) => listener(signal) }
}

const ENDINGS: [end: End, forwards: boolean, ending: Ending | 'thrown'][] = [
  ['exit', true, { code: 7 }],
  ['exit', false, { code: 7 }],
  ['broken', true, 'thrown'],
  ['detach', true, 'detached'],
  ['signal', true, { code: 7 }],
  ['signal', false, { code: 143 }],
  ['unwritable', true, { code: 7 }],
]

for (const [end, forwards, ending] of ENDINGS) {
  test(`after the end by ${end}${forwards ? '' : ' of a program that hears no signals'}, the terminal is as before`, async () => {
    const { told, context, session, raise } = stage(end, forwards)
    const talk = converse(context, session, { tty: true, stdin: true }).catch(() => 'thrown' as const)
    if (end === 'signal') setImmediate(() => raise('SIGTERM'))
    assert.equal(await talk, ending)
    assert.ok(told.indexOf('raw') < told.indexOf('restored'), told.join(', '))
    assert.ok(told.includes('resize 80') && told.includes('unwatched'))
    raise('SIGINT')
    assert.is(told.at(-1), 'interrupted', 'signals are ours again')
    assert.is(told.includes('signal SIGTERM'), end === 'signal' && forwards)
  })
}

test('without a terminal none is touched, and the input has its end', async () => {
  const { told, context, session } = stage('exit', true)
  const { host } = context
  const piped = { ...host.console, input: async function* () {} }
  const plain = new Context({ ...host, console: piped }, context.globals)
  assert.equal(await converse(plain, session, { tty: false, stdin: true }), { code: 7 })
  assert.equal(told, ['end'])
})

test.run()
