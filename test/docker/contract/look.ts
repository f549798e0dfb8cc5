import * as assert from 'uvu/assert'
import type { EngineEvent, StatsSample } from '../../../src/docker/port.ts'
import type { Check } from '../engine-contract.ts'
import { collect, never, refused } from './expect.ts'

/** The engine asks its machine's `ps`, which small ones do not have. */
const NO_PS = /"ps": executable file not found/

export function lookContract(check: Check): void {
  check(
    'the processes of a container that runs are listed, a text for each title',
    async ({ engine, create, runs }) => {
      const id = await create('web', runs)
      await refused(409, engine.processes(id, never))
      await engine.startContainer(id)
      const listed = await engine.processes(id, never).catch((thrown) => {
        if (!NO_PS.test(String(thrown))) throw thrown
      })
      if (!listed) return
      const { titles, processes } = listed
      assert.ok(titles.includes('CMD') && titles.includes('PID'), titles.join())
      assert.ok(processes.length > 0)
      for (const process of processes) assert.is(process.length, titles.length)
    },
  )

  check('the resource usage of a container is reported once, or every second', async ({ engine, create, runs }) => {
    const id = await create('web', runs)
    await engine.startContainer(id)
    const [once, ...more] = await collect(engine.stats(id, { stream: false }, never))
    assert.equal([more, (once?.cpu.all ?? 0) > (once?.cpuBefore.all ?? 0)], [[], true])
    assert.ok(once && once.memoryLimit > 0 && once.processes > 0 && once.cpus > 0)
    const seen: StatsSample[] = []
    for await (const sample of engine.stats(id, { stream: true }, never)) if (seen.push(sample) === 2) break
    assert.ok((seen[1]?.cpu.all ?? 0) > (seen[0]?.cpu.all ?? 0))
  })

  check('a container that does not run uses nothing; one that is none is refused', async ({ engine, create, runs }) => {
    const [sample] = await collect(engine.stats(await create('web', runs), { stream: false }, never))
    assert.equal([sample?.memory, sample?.processes, sample?.cpu.own], [0, 0, 0])
    await refused(404, collect(engine.stats('none', { stream: false }, never)))
    await refused(404, engine.processes('none', never))
  })

  check('events of a time that is past come to their end', async ({ engine, create, runs, labels }) => {
    const asked = Object.entries(labels).map(([name, value]) => `${name}=${value}`)
    const all = { types: ['container'], labels: asked }
    const events = (await engine.events(all, never))[Symbol.asyncIterator]()
    const id = await create('web', runs)
    const created = (await events.next()).value as EngineEvent
    await events.return?.()
    await engine.removeContainer(id, { force: true, volumes: false })
    const time = Number(created.timeNano) / 1e9
    const reported = await collect(await engine.events({ ...all, since: '1', until: (time + 0.001).toFixed(9) }, never))
    assert.is(reported[0]?.action, 'create')
  })
}
