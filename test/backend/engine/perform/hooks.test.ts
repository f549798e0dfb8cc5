import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { COMPOSE } from '../../../../src/backend/docker/labels.ts'
import { DOWN } from '../../../../src/backend/intent.ts'
import { withoutMarks } from '../../../../src/diagnostics/foreign.ts'
import type { ExecSpec } from '../../../../src/docker/port.ts'
import type { Service, Stack } from '../../../../src/stack/model.ts'
import { type MemoryEngine, memoryEngine } from '../../../support/memory-engine.ts'
import { stackOf, stacks } from '../../support.ts'
import { assertUp, isWrite } from '../carry-out.ts'
import { command, hook, images, isHook, memoryJournal, story, up } from './hooks-world.ts'

test('post_start hooks run in their order once the container has started, and before its dependents start', async () => {
  const engine = memoryEngine({ images })
  const stack = stackOf({
    services: {
      db: { post_start: [hook('one'), hook('two')] },
      web: { depends_on: { db: { condition: 'service_started', required: true } } },
    },
  })
  assert.ok((await up(engine, stack)).outcome.ok)
  assert.equal(story(engine), ['start db-1', 'hook one', 'hook two', 'start web-1'])
})

test('a hook is run as it is declared', async () => {
  const engine = memoryEngine({ images })
  const declaredAs = { user: 'me', working_dir: '/x', privileged: true, environment: { B: '2', A: '1', C: null } }
  await up(engine, stackOf({ services: { db: { post_start: [{ ...hook('one'), ...declaredAs }] } } }))
  const exec = engine.calls.find(({ method }) => method === 'exec')?.args[1]
  assert.equal(exec, { cmd: ['hook', 'one', '0'], env: ['A=1', 'B=2'], user: 'me', workingDir: '/x', privileged: true })
})

test('a post_start hook that fails fails its service, with its command, exit code and output; the next up runs it again', async () => {
  const engine = memoryEngine({ images })
  const journal = memoryJournal()
  const failing = stackOf({
    services: {
      db: { post_start: [hook('one'), hook('two', 7), hook('three')] },
      web: { depends_on: { db: { condition: 'service_started', required: true } } },
    },
  })
  const { outcome, events } = await up(engine, failing, journal)
  const failure = events.find((event) => event.type === 'step-fail')
  assert.not(outcome.ok)
  assert.match(withoutMarks(outcome.problems[0]?.message ?? ''), /`hook two 7` ended with exit code 7/)
  assert.equal(failure?.type === 'step-fail' && failure.dossier?.log, ['says two'])
  assert.equal(story(engine), ['start db-1', 'hook one', 'hook two'])

  engine.calls.length = 0
  const mended = {
    ...failing,
    services: {
      ...failing.services,
      db: { ...failing.services.db, post_start: [hook('one'), hook('two'), hook('three')] },
    },
  }
  assert.ok((await up(engine, mended, journal)).outcome.ok)
  assert.equal(story(engine), ['hook two', 'hook three', 'start web-1'])

  engine.calls.length = 0
  assert.equal((await up(engine, mended, journal)).events[0]?.type === 'plan' && story(engine), [])
})

test('pre_stop hooks run before a container is stopped, by down and by a replacement; their failure stops nothing and is reported', async () => {
  const engine = memoryEngine({ images })
  const stack = stackOf({ services: { db: { pre_stop: [hook('bye', 1), hook('last')], environment: { REV: '1' } } } })
  const changed = stackOf({ services: { db: { ...stack.services.db, environment: { REV: '2' } } } })
  await up(engine, stack)
  engine.calls.length = 0
  assert.ok((await up(engine, changed)).outcome.ok)
  assert.equal(story(engine), ['hook bye', 'hook last', 'stop gone', 'start db-1'])
  engine.calls.length = 0
  const { outcome, events } = await command(engine, changed, DOWN)
  assert.ok(outcome.ok)
  assert.equal(story(engine), ['hook bye', 'hook last', 'stop gone'])
  const reported = events.flatMap((event) => (event.type === 'step-fail' ? [event.problem] : []))
  assert.equal(
    reported.map(({ code, severity }) => [code, severity]),
    [['hook-failed', 'warning']],
  )
})

test('a stop, such as that of Ctrl-C, runs pre_stop hooks too', async () => {
  const engine = memoryEngine({ images })
  const stack = stackOf({ services: { db: { pre_stop: [hook('bye')] } } })
  await up(engine, stack)
  engine.calls.length = 0
  await command(engine, stack, { kind: 'stop', services: [] })
  assert.equal(story(engine), ['hook bye', 'stop db-1'])
})

test('a stop without a grace period gives hooks no time', async () => {
  const engine = memoryEngine({ images })
  const stack = stackOf({ services: { db: { pre_stop: [hook('bye')] } } })
  await up(engine, stack)
  await command(engine, stack, { ...DOWN, timeout: 0 })
  assert.not(story(engine).includes('hook bye'))
})

test('changed hooks around a running container recreate nothing', async () => {
  const engine = memoryEngine({ images })
  await up(engine, stackOf({ services: { db: { post_start: [hook('one')], pre_stop: [] } } }))
  engine.calls.length = 0
  await up(engine, stackOf({ services: { db: { post_start: [hook('other')], pre_stop: [hook('x')] } } }))
  assert.equal(story(engine), [])
})

/** The same stack, its services with hooks; jobs have none. */
function hooked(stack: Stack): Stack {
  const withHooks = ([name, service]: [string, Service]): [string, Service] => {
    if (service.image === 'job:1') return [name, service]
    const pre_start = [{ ...hook('before'), image: 'once:1' }]
    return [name, { ...service, post_start: [hook('one'), hook('two')], pre_stop: [hook('bye')], pre_start }]
  }
  return { ...stack, services: Object.fromEntries(Object.entries(stack.services).map(withHooks)) }
}

/** Which hooks came to an end in a container, in order. */
type Ledger = Map<string, string[]>

/** The command is killed before its n-th write or hook. */
async function killedBefore(engine: MemoryEngine, n: number, run: () => Promise<unknown>): Promise<void> {
  const before = engine.hooks.before
  let left = n
  engine.hooks.before = (call) => {
    before?.(call)
    if (left < 0) throw new Error('killed')
    if ((isWrite(call.method) || call.method === 'exec') && left-- <= 0) throw new Error('killed')
  }
  await run().catch(() => undefined)
  if (before) engine.hooks.before = before
  else delete engine.hooks.before
}

function ledgerOf(engine: MemoryEngine): Ledger {
  const ledger: Ledger = new Map()
  engine.hooks.after = ({ method, args: [id, spec] }) => {
    const exec = spec as ExecSpec
    const run = String(id)
    if (method === 'startContainer' && !ledger.has(run)) ledger.set(run, [])
    if (method === 'exec' && isHook(exec)) ledger.set(run, [...(ledger.get(run) ?? []), exec.cmd[1] ?? ''])
  }
  return ledger
}

test('killed before any write or hook, the next up has run every post_start hook of every container, in order, and left no hook behind', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, stacks, fc.nat(60), fc.boolean(), async (first, second, n, none) => {
      const [before, after] = [hooked(first), hooked(second)]
      const engine = memoryEngine({ images })
      const journal = memoryJournal()
      const ledger = ledgerOf(engine)
      await up(engine, before, journal)
      await killedBefore(engine, n, () => up(engine, after, journal))
      // Hooks may have been taken out meanwhile: what they left goes all the same.
      if (none) {
        assert.ok((await up(engine, second, journal)).outcome.ok, `killed before ${n}`)
        return assertUp(engine, second)
      }
      assert.ok((await up(engine, after, journal)).outcome.ok, `killed before ${n}`)
      await assertUp(engine, after)
      for (const container of await engine.behindTheBack.listContainers({ labels: [`${COMPOSE.project}=lab`] })) {
        const wanted = (after.services[container.labels[COMPOSE.service] ?? '']?.post_start ?? []).map(
          ({ command }) => command[1],
        )
        const ran = (ledger.get(container.id) ?? []).filter((name) => name !== 'bye')
        assert.equal(ran.slice(-1), wanted.slice(-1), `${container.name}: ${ran.join(' ')}`)
        assert.ok(
          wanted.every((name) => ran.includes(name ?? '')),
          `${container.name}: ${ran.join(' ')}`,
        )
      }
      engine.calls.length = 0
      await up(engine, after, journal)
      assert.equal(story(engine), [])
    }),
    { numRuns: 60 },
  )
})

test('output of hooks is reported in whole lines, and is part of their failures', async () => {
  const engine = memoryEngine({ images })
  const stack = stackOf({ services: { web: { post_start: [hook('first'), hook('second', 3)] } } })
  const { events, outcome } = await up(engine, stack)
  assert.is(outcome.ok, false)
  const reported = events.flatMap((event) => (event.type === 'step-output' ? event.lines : []))
  assert.equal(reported, ['says first', 'says second'])
  const failed = events.find((event) => event.type === 'step-fail')
  assert.equal(failed?.type === 'step-fail' && failed.dossier?.log, ['says second'])
})

test.run()
