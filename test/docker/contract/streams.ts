import * as assert from 'uvu/assert'
import type { EngineEvent } from '../../../src/docker/port.ts'
import type { Check, Scope } from '../engine-contract.ts'
import { collect, failure, hasEnded, listens, never } from './expect.ts'

export function streamContract(check: Check): void {
  check('events after the request are reported in order, with all labels', async (scope) => {
    const { engine, project, create, getsHealthy } = scope
    await create('before', getsHealthy)
    const events = await watch(scope)
    const id = await create('web', getsHealthy, { Labels: { role: 'x' } })
    await engine.startContainer(id)
    await listens(engine, id)
    await engine.stopContainer(id, { grace: 10 })
    await engine.removeContainer(id, { force: false, volumes: false })
    const seen = await events.until('destroy')
    const reported = seen.map(({ action }) => action)
    const wanted = ['create', 'start', 'die', 'destroy']
    assert.equal(
      reported.filter((action) => wanted.includes(action)),
      wanted,
    )
    // Engines tell of a stop after the end that it caused, newer ones before it, too.
    assert.ok(
      reported.indexOf('start') < reported.indexOf('stop') && reported.indexOf('stop') < reported.indexOf('destroy'),
    )
    assert.ok(seen.every((event) => event.id === id && event.type === 'container'))
    assert.ok(seen.every(({ attributes }) => attributes.role === 'x' && attributes.name === `${project}-web`))
    assert.is(seen.find(({ action }) => action === 'die')?.attributes.exitCode, '143')
    const times = seen.map(({ timeNano }) => timeNano)
    assert.equal(
      times,
      [...times].sort((a, b) => (a < b ? -1 : 1)),
    )
  })

  check('past events are kept for a while; a forced removal is a kill without a stop', async (scope) => {
    const { engine, create, runs, labels } = scope
    const events = await watch(scope)
    const id = await create('web', runs)
    await engine.startContainer(id)
    await engine.removeContainer(id, { force: true, volumes: false })
    const seen = await events.until('destroy')
    const until = Number((seen.at(-1)?.timeNano ?? 0n) / 1_000_000n) / 1000 + 0.001
    const past = { since: until - 60, until }
    const asked = Object.entries(labels).map(([name, value]) => `${name}=${value}`)
    const remembered = await collect(await engine.events({ types: ['container'], labels: asked, past }, never))
    assert.equal(
      remembered.map(({ action, timeNano }) => [action, timeNano]),
      seen.map(({ action, timeNano }) => [action, timeNano]),
    )
    const actions = remembered.map(({ action }) => action)
    for (const action of ['kill', 'die', 'destroy']) assert.ok(actions.includes(action), action)
    assert.not(actions.includes('stop'))
    assert.is(remembered.find(({ action }) => action === 'kill')?.attributes.signal, '9')
  })

  check('a change of health is reported', async (scope) => {
    const events = await watch(scope)
    await scope.engine.startContainer(await scope.create('db', scope.getsHealthy))
    const seen = await events.until('health_status: healthy')
    assert.is(seen.at(-1)?.attributes.name, `${scope.project}-db`)
  })

  check('events of networks carry no labels: a filter by label excludes them', async (scope) => {
    const { engine, project, labels, create, runs } = scope
    const stop = new AbortController()
    const filter = { types: ['network', 'container'], labels: [`com.docker.compose.project=${project}`] }
    const events = await engine.events(filter, stop.signal)
    await engine.createNetwork({ Name: project, Labels: labels })
    await create('web', runs)
    for await (const event of events) {
      assert.is(event.type, 'container')
      break
    }
  })

  check("waiting for events ends with the signal's reason", async ({ engine, project }) => {
    const stop = new AbortController()
    const reason = new Error('enough')
    const filter = { types: ['container'], labels: [`com.docker.compose.project=${project}`] }
    const waiting = collect(await engine.events(filter, stop.signal))
    stop.abort(reason)
    assert.is(await failure(waiting), reason)
  })

  check('logs come as lines, by stream', async (scope) => {
    const id = await ended(scope)
    const lines = await collect(scope.engine.logs(id, { follow: false, timestamps: false }, never))
    const of = (stream: string) => lines.filter((line) => line.stream === stream).map(({ text }) => text)
    assert.equal(of('stdout'), ['out 1', 'out 2'])
    assert.equal(of('stderr'), ['err 1'])
    assert.ok(lines.every((line) => line.time === undefined))
  })

  check('logs come with times, and from a time on', async (scope) => {
    const { engine } = scope
    const id = await ended(scope)
    const lines = await collect(engine.logs(id, { follow: false, timestamps: true }, never))
    assert.equal(lines.map(({ text }) => text).sort(), ['err 1', 'out 1', 'out 2'])
    assert.ok(lines.every(({ time = '' }) => !Number.isNaN(Date.parse(time))))
    const later = new Date(Date.parse(lines.at(-1)?.time ?? '') + 60_000).toISOString()
    assert.equal(await collect(engine.logs(id, { follow: false, timestamps: false, since: later }, never)), [])
  })

  check('the last lines only, if asked', async (scope) => {
    const id = await ended(scope)
    const lines = await collect(scope.engine.logs(id, { follow: false, timestamps: false, tail: 1 }, never))
    assert.is(lines.length, 1)
  })

  check('followed logs end with the container', async ({ engine, create, prints }) => {
    const id = await create('job', prints)
    await engine.startContainer(id)
    const lines = await collect(engine.logs(id, { follow: true, timestamps: false }, never))
    assert.equal(lines.map(({ text }) => text).sort(), ['err 1', 'out 1', 'out 2'])
  })

  check("following logs ends with the signal's reason", async ({ engine, create, runs }) => {
    const id = await create('web', runs)
    await engine.startContainer(id)
    const stop = new AbortController()
    const reason = new Error('enough')
    const waiting = collect(engine.logs(id, { follow: true, timestamps: false }, stop.signal))
    // Its first answer is on the way, or not yet: both must end.
    await engine.inspectContainer(id)
    stop.abort(reason)
    assert.is(await failure(waiting), reason)
  })

  check('logs of what is not there fail when they are read', async ({ engine }) => {
    const error = await failure(collect(engine.logs('flotilla-nothing', { follow: false, timestamps: false }, never)))
    assert.is((error as { status?: number }).status, 404)
  })
}

async function ended({ engine, create, prints }: Scope): Promise<string> {
  const id = await create('job', prints)
  await engine.startContainer(id)
  await hasEnded(engine, id)
  return id
}

/** Collects the project's container events from now on. */
async function watch({ engine, project }: Scope) {
  const filter = { types: ['container'], labels: [`com.docker.compose.project=${project}`] }
  const events = await engine.events(filter, AbortSignal.timeout(20_000))
  return {
    async until(action: string): Promise<EngineEvent[]> {
      const seen: EngineEvent[] = []
      for await (const event of events) {
        seen.push(event)
        if (event.action === action) break
      }
      return seen
    },
  }
}
