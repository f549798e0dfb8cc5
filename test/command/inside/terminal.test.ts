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
  reported: string[]
  context: Context
  session: Session
  raise(signal: string): void
}

/** A terminal and a program that only note what is done to them. */
function stage(end: End, forwards: boolean): Stage {
  const reported: string[] = []
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
      if (end !== 'unwritable') return void reported.push(`write ${Buffer.from(bytes).toString('latin1')}`)
      finish()
      throw new Error('it takes nothing')
    },
    end: () => void reported.push('end'),
    close: () => finish(),
    resize: async ({ columns }) => void reported.push(`resize ${columns}`),
    exitCode: async () => 7,
    ...(forwards && {
      async signal(name: string) {
        reported.push(`signal ${name}`)
        finish()
      },
    }),
  }
  let listener: (signal: string) => void = () => reported.push('interrupted')
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
      reported.push('raw')
      return () => void reported.push('restored')
    },
    onResize: () => () => void reported.push('unwatched'),
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
  return { reported, context, session, raise: (signal) => listener(signal) }
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
    const { reported, context, session, raise } = stage(end, forwards)
    const talk = converse(context, session, { tty: true, stdin: true }).catch(() => 'thrown' as const)
    if (end === 'signal') setImmediate(() => raise('SIGTERM'))
    assert.equal(await talk, ending)
    assert.ok(reported.indexOf('raw') < reported.indexOf('restored'), reported.join(', '))
    assert.ok(reported.includes('resize 80') && reported.includes('unwatched'))
    raise('SIGINT')
    assert.is(reported.at(-1), 'interrupted', 'signals are ours again')
    assert.is(reported.includes('signal SIGTERM'), end === 'signal' && forwards)
  })
}

test('without a terminal none is touched, and the input has its end', async () => {
  const { reported, context, session } = stage('exit', true)
  const { host } = context
  const piped = { ...host.console, input: async function* () {} }
  const plain = new Context({ ...host, console: piped }, context.globals)
  assert.equal(await converse(plain, session, { tty: false, stdin: true }), { code: 7 })
  assert.equal(reported, ['end'])
})

test.run()
