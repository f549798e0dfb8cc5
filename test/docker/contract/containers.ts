import * as assert from 'uvu/assert'
import type { Check } from '../engine-contract.ts'
import { never, refused } from './expect.ts'

export function containerContract(check: Check): void {
  check('reports its API version', async ({ engine }) => {
    assert.match((await engine.version()).apiVersion, /^1\.\d+$/)
    assert.is(await engine.apiVersion(), (await engine.version()).apiVersion)
  })

  check('a created container is listed by label and by exact name, without an address', async (scope) => {
    const { engine, project, create, runs } = scope
    const id = await create('web', runs)
    await create('web2', runs)
    const [found, ...others] = await engine.listContainers({ names: [`${project}-web`] })
    assert.equal(others, [])
    assert.is(found?.id, id)
    assert.is(found?.state, 'created')
    assert.is(found?.status, 'Created')
    assert.equal(found?.networks, { bridge: { networkId: '', ipAddress: '' } })
    assert.is((await engine.listContainers({ labels: [`com.docker.compose.project=${project}`] })).length, 2)
    assert.equal(await engine.listContainers({ labels: [`com.docker.compose.project=${project}x`] }), [])
  })

  check('all given labels must match', async ({ engine, project, create, runs }) => {
    const id = await create('a', runs, { Labels: { role: 'a' } })
    await create('b', runs, { Labels: { role: 'b' } })
    const mine = `com.docker.compose.project=${project}`
    assert.equal(
      (await engine.listContainers({ labels: [mine, 'role=a'] })).map((each) => each.id),
      [id],
    )
    assert.is((await engine.listContainers({ labels: [mine, 'role'] })).length, 2)
  })

  check('a name can be taken once', async ({ create, runs }) => {
    await create('web', runs)
    await refused(409, create('web', runs))
  })

  check('a name has only certain characters', async ({ create, runs }) => {
    await refused(400, create('a b', runs))
  })

  check('inspecting something missing gives undefined', async ({ engine }) => {
    assert.is(await engine.inspectContainer('flotilla-nothing'), undefined)
    assert.is(await engine.inspectNetwork('flotilla-nothing'), undefined)
    assert.is(await engine.inspectVolume('flotilla-nothing'), undefined)
    assert.is(await engine.inspectImage('flotilla-nothing'), undefined)
  })

  check('writing to something missing gives 404', async ({ engine, runs, create }) => {
    await refused(404, create('web', { ...runs, Image: 'flotilla-nothing' }))
    await refused(404, engine.startContainer('flotilla-nothing'))
    await refused(404, engine.stopContainer('flotilla-nothing', {}))
    await refused(404, engine.killContainer('flotilla-nothing', 'KILL'))
    await refused(404, engine.renameContainer('flotilla-nothing', 'flotilla-other'))
    await refused(404, engine.setRestartPolicy('flotilla-nothing', { name: 'no' }))
    await refused(404, engine.exec('flotilla-nothing', { cmd: ['true'] }, never))
    await refused(404, engine.putFiles('flotilla-nothing', '/', []))
  })

  check('removing what is gone is no error', async ({ engine, create, runs }) => {
    const id = await create('web', runs)
    await engine.removeContainer(id, { force: false, volumes: false })
    await engine.removeContainer(id, { force: false, volumes: false })
    assert.is(await engine.inspectContainer(id), undefined)
  })

  check('a container is found by id, short id and name', async ({ engine, project, create, runs }) => {
    const id = await create('web', runs)
    for (const reference of [id, id.slice(0, 12), `${project}-web`]) {
      assert.is((await engine.inspectContainer(reference))?.id, id)
    }
  })

  check('the specification is kept, the image fills in what it leaves open', async ({ engine, create, declares }) => {
    const id = await create('web', declares, { Env: ['OWN=2'], Labels: { own: 'x' }, Cmd: ['sleep', '1000'] })
    const detail = await engine.inspectContainer(id)
    assert.ok(detail?.spec.Env?.includes('OWN=2'))
    assert.ok(detail?.spec.Env?.includes('IMAGE=1'))
    assert.equal(detail?.spec.Cmd, ['sleep', '1000'])
    assert.is(detail?.spec.Labels?.own, 'x')
    assert.equal(detail?.spec.ExposedPorts, { '80/tcp': {} })
    assert.is(detail?.image, declares.Image)
    assert.is(detail?.imageId, (await engine.inspectImage(declares.Image))?.id)
  })

  check('renaming keeps the id and frees the old name', async ({ engine, project, create, runs }) => {
    const id = await create('web', runs)
    await create('other', runs)
    await refused(409, engine.renameContainer(id, `${project}-other`))
    await engine.renameContainer(id, `${project}-new`)
    assert.is((await engine.inspectContainer(`${project}-new`))?.id, id)
    assert.is(await engine.inspectContainer(`${project}-web`), undefined)
    await create('web', runs)
  })

  check('the restart policy can be changed', async ({ engine, create, runs }) => {
    const id = await create('web', runs, { HostConfig: { RestartPolicy: { Name: 'always', MaximumRetryCount: 0 } } })
    await engine.setRestartPolicy(id, { name: 'no' })
    assert.is((await engine.inspectContainer(id))?.spec.HostConfig.RestartPolicy?.Name, 'no')
  })

  check('an aborted signal rejects with its reason', async ({ engine }) => {
    const reason = new Error('enough')
    const signal = AbortSignal.abort(reason)
    for (const call of [
      engine.version(signal),
      engine.listContainers({}, signal),
      engine.inspectContainer('x', signal),
      engine.listNetworks({}, signal),
      engine.inspectNetwork('x', signal),
      engine.listVolumes({}, signal),
      engine.inspectVolume('x', signal),
      engine.listImages(signal),
      engine.inspectImage('x', signal),
      engine.events({ types: ['container'] }, signal),
      engine.exec('x', { cmd: [] }, signal),
    ]) {
      assert.is(
        await call.then(
          () => 'answered',
          (error) => error,
        ),
        reason,
      )
    }
  })
}
