import * as assert from 'uvu/assert'
import type { Check } from '../engine-contract.ts'
import { never, refused } from './expect.ts'

export function volumeContract(check: Check): void {
  check('creating a volume again leaves it as it is', async ({ engine, project, labels }) => {
    await engine.createVolume({ Name: project, Labels: labels })
    await engine.createVolume({ Name: project, Labels: { other: 'x' } })
    assert.equal((await engine.inspectVolume(project))?.labels, labels)
    const [label = ''] = Object.entries(labels).map((pair) => pair.join('='))
    assert.equal(
      (await engine.listVolumes({ labels: [label] })).map(({ name }) => name),
      [project],
    )
    assert.equal(await engine.listVolumes({ names: [project.slice(0, -1)] }), [])
  })

  check('named volumes are made with the container, with labels where the mount has them', async (scope) => {
    const { engine, project, labels, create, runs } = scope
    const Mounts = [{ Type: 'volume', Source: `${project}-a`, Target: '/a', VolumeOptions: { Labels: labels } }]
    const id = await create('web', runs, { HostConfig: { Mounts, Binds: [`${project}-b:/b:ro`] } })
    assert.equal((await engine.inspectVolume(`${project}-a`))?.labels, labels)
    assert.equal((await engine.inspectVolume(`${project}-b`))?.labels ?? {}, {})
    const mounts = ((await engine.inspectContainer(id))?.mounts ?? []).sort((a, b) => (a.target < b.target ? -1 : 1))
    assert.equal(
      mounts.map(({ type, name, target, readOnly }) => ({ type, name, target, readOnly })),
      [
        { type: 'volume', name: `${project}-a`, target: '/a', readOnly: false },
        { type: 'volume', name: `${project}-b`, target: '/b', readOnly: true },
      ],
    )
    await engine.removeContainer(id, { force: true, volumes: true })
    assert.ok(await engine.inspectVolume(`${project}-a`))
    await engine.removeVolume(`${project}-b`)
  })

  check('a volume that any container has, running or not, is not removed', async (scope) => {
    const { engine, project, create, runs } = scope
    const id = await create('web', runs, { HostConfig: { Binds: [`${project}:/a`] } })
    await refused(409, engine.removeVolume(project))
    await engine.removeContainer(id, { force: true, volumes: true })
    await engine.removeVolume(project)
    await refused(404, engine.removeVolume(project))
  })

  check('volumes without a name go with the container if asked to', async ({ engine, create, declares }) => {
    const HostConfig = { Mounts: [{ Type: 'volume', Target: '/more' }] }
    const names = async (id: string) => ((await engine.inspectContainer(id))?.mounts ?? []).map(({ name = '' }) => name)
    const kept = await create('kept', declares, { HostConfig })
    const keptNames = await names(kept)
    assert.is(keptNames.length, 2)
    await engine.removeContainer(kept, { force: true, volumes: false })
    for (const name of keptNames) {
      assert.ok(await engine.inspectVolume(name))
      await engine.removeVolume(name)
    }
    const taken = await create('taken', declares, { HostConfig })
    const takenNames = await names(taken)
    await engine.removeContainer(taken, { force: true, volumes: true })
    for (const name of takenNames) assert.is(await engine.inspectVolume(name), undefined)
  })

  check('a volume carried over to another container by its name survives', async ({ engine, create, declares }) => {
    const old = await create('old', declares)
    const [{ name = '' } = {}] = (await engine.inspectContainer(old))?.mounts ?? []
    const Mounts = [{ Type: 'volume', Source: name, Target: '/data' }]
    const next = await create('next', declares, { HostConfig: { Mounts } })
    await engine.removeContainer(old, { force: true, volumes: true })
    assert.ok(await engine.inspectVolume(name))
    await engine.removeContainer(next, { force: true, volumes: true })
    assert.ok(await engine.inspectVolume(name))
    await engine.removeVolume(name)
  })

  check("a mount covers the image's volume at its place", async ({ engine, project, create, declares }) => {
    const id = await create('web', declares, { HostConfig: { Binds: [`${project}:/data`] } })
    assert.equal(
      (await engine.inspectContainer(id))?.mounts.map(({ name }) => name),
      [project],
    )
    await engine.removeContainer(id, { force: true, volumes: true })
    await engine.removeVolume(project)
  })

  check('a file is read in a container that was never started, its volumes included', async (scope) => {
    const { engine, project, create, runs } = scope
    const mounted = { HostConfig: { Binds: [`${project}:/kept`] } }
    const first = await create('first', runs, mounted)
    const content = Buffer.from('schön, and so on\n')
    const file = { content, mode: 0o600, uid: 7, gid: 7 }
    await engine.putFiles(first, '/kept', [{ ...file, path: 'text' }])
    await engine.putFiles(first, '/', [{ ...file, path: 'own' }])
    const second = await create('second', runs, mounted)
    const reported = async (id: string, path: string, limit: number) => {
      const found = await engine.readFile(id, path, { limit }, never)
      return found && [found.size, Buffer.from(found.content).toString()]
    }
    assert.equal(await reported(first, '/own', 1000), [18, 'schön, and so on\n'])
    assert.equal(await reported(second, '/kept/text', 1000), [18, 'schön, and so on\n'])
    assert.equal(await reported(second, '/kept/text', 3), [18, 'sch'])
    for (const path of ['/own', '/kept', '/kept/other', '/no/such/folder', '/kept/text/below'])
      assert.is(await reported(second, path, 10), undefined, path)
    await refused(404, engine.readFile(`${project}-third`, '/own', { limit: 1 }, never))
    for (const id of [first, second]) await engine.removeContainer(id, { force: true, volumes: true })
    await engine.removeVolume(project)
  })

  check('volumes_from takes the mounts of another container', async ({ engine, project, create, runs }) => {
    await create('first', runs, { HostConfig: { Binds: [`${project}:/a`] } })
    const second = await create('second', runs, { HostConfig: { VolumesFrom: [`${project}-first:ro`] } })
    const [mount] = (await engine.inspectContainer(second))?.mounts ?? []
    assert.is(mount?.name, project)
    assert.is(mount?.readOnly, true)
    for (const name of ['second', 'first']) {
      await engine.removeContainer(`${project}-${name}`, { force: true, volumes: true })
    }
    await engine.removeVolume(project)
  })
}
