import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { DOWN, type Intent, UP } from '../../../../src/backend/intent.ts'
import { withoutMarks } from '../../../../src/diagnostics/foreign.ts'
import { EngineError, type ExecSpec } from '../../../../src/docker/port.ts'
import type { RunEvent } from '../../../../src/execute/event.ts'
import type { Stack } from '../../../../src/stack/model.ts'
import { ENDED, UNKNOWN_PROGRAM } from '../../../support/exec-words.ts'
import { die } from '../../../support/memory/lifecycle.ts'
import { type MemoryEngine, memoryEngine } from '../../../support/memory-engine.ts'
import { stackOf } from '../../support.ts'
import { carryOut } from '../carry-out.ts'

/** Hooks whose container's program ends before them or while they run, in every way in which engines say so. */
const GONE_ON: Record<string, Shape> = { 'the hook fails by itself': { exitCode: 3 } }

type Shape = EngineError | { exitCode: number }

const refused = (status: number, words: string) => new EngineError(words, status)
const SHAPES: Record<string, Shape> = {
  'refused at once': refused(409, 'Container 6f1e is not running'),
  'refused at its start': refused(500, 'Container 6f1e is not running: Exited (6) Less than a second ago'),
  'its exec is gone': refused(404, 'No such exec instance: 6f1e'),
  'ended with the container': { exitCode: 137 },
  ...Object.fromEntries(ENDED.map((words) => [words, refused(400, words)])),
}
for (const words of UNKNOWN_PROGRAM) GONE_ON[words] = refused(400, words)

const isHook = ({ cmd }: ExecSpec) => cmd[0] === 'hook'

interface Ending {
  shape: Shape
  /** Of the program; absent for one that goes on. */
  code?: number
  /** Milliseconds after the hook until the engine has noted the end. */
  lag?: number
}

function engineWith({ shape, code, lag = 0 }: Ending): MemoryEngine {
  const exec = (spec: ExecSpec) =>
    isHook(spec) && !(shape instanceof EngineError)
      ? { exitCode: shape.exitCode, output: '' }
      : { exitCode: 0, output: '' }
  const engine = memoryEngine({ images: { 'app:1': { cmd: ['serve'], exec } } })
  const note = (id: string) => {
    const container = engine.world.containers.get(id)
    if (container && code !== undefined) die(engine.world, container, code)
  }
  engine.hooks.after = ({ method, args: [id, spec] }) => {
    if (method === 'exec' && isHook(spec as ExecSpec)) end(String(id))
  }
  engine.hooks.before = ({ method, args: [id, spec] }) => {
    if (method !== 'exec' || !isHook(spec as ExecSpec) || !(shape instanceof EngineError)) return
    end(String(id))
    throw shape
  }
  const end = (id: string) => (lag === 0 ? note(id) : void engine.clock.sleep(lag).then(() => note(id)))
  return engine
}

async function reported(engine: MemoryEngine, stack: Stack, intent: Intent) {
  const events: RunEvent[] = []
  const began = engine.clock.now()
  const outcome = await carryOut(engine, stack, intent, (event) => events.push(event))
  const problems = events.flatMap((event) => ('problem' in event ? [event.problem] : []))
  const text = withoutMarks(problems.map(({ message }) => message).join('\n'))
  const printed = events.filter(({ type }) => type === 'step-output')
  return { outcome, problems, text, printed, took: engine.clock.now() - began }
}

const RUNTIME = /OCI|runtime|exec failed|setns|ttrpc|not running|state/
const SERVICE = { image: 'app:1', post_start: [{ command: ['hook', 'one'] }], pre_stop: [{ command: ['hook', 'bye'] }] }
const HOOKED = stackOf({ services: { db: SERVICE } })

for (const [name, shape] of Object.entries(SHAPES))
  for (const lag of [0, 300]) {
    const when = `${name}, noted ${lag} ms later`
    test(`post_start of what has done its work is missed, and no failure: ${when}`, async () => {
      const { outcome, problems, text, printed } = await reported(engineWith({ shape, code: 0, lag }), HOOKED, UP)
      assert.ok(outcome.ok, text)
      assert.equal([problems.map(({ severity }) => severity), printed], [['warning'], []])
      assert.not.match(text, RUNTIME)
    })

    test(`post_start of what has crashed reports the crash: ${when}`, async () => {
      const { outcome, problems, text, printed } = await reported(engineWith({ shape, code: 6, lag }), HOOKED, UP)
      assert.not(outcome.ok)
      assert.equal([problems.map(({ code }) => code), printed], [['container-exited'], []])
      assert.match(text, 'exit code 6')
      assert.not.match(text, RUNTIME)
    })

    test(`pre_stop of what has ended by itself is as it should be: ${when}`, async () => {
      const engine = engineWith({ shape, code: 6, lag })
      const stack = stackOf({ services: { db: { ...SERVICE, post_start: [] } } })
      await reported(engine, stack, UP)
      const { outcome, problems, printed } = await reported(engine, stack, DOWN)
      assert.ok(outcome.ok)
      assert.equal([problems, printed], [[], []])
    })
  }

for (const [name, shape] of Object.entries(GONE_ON))
  test(`a hook that fails in a container that goes on is reported at once: ${name}`, async () => {
    const { outcome, problems, took } = await reported(engineWith({ shape }), HOOKED, UP)
    assert.not(outcome.ok)
    assert.equal([problems.map(({ code }) => code), took], [['hook-failed'], 0])
  })

for (const [name, shape] of Object.entries(SHAPES))
  test(`an apparent miss in a container that keeps running is a failure after a moment: ${name}`, async () => {
    const { outcome, took } = await reported(engineWith({ shape }), HOOKED, UP)
    assert.not(outcome.ok)
    assert.is(took, 2_000)
  })

test.run()
