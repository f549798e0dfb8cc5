import * as assert from 'uvu/assert'
import type { Check, Scope } from '../engine-contract.ts'
import { refused } from './expect.ts'

export function networkContract(check: Check): void {
  check('a network is found by id and by name, and only an inspect lists its containers', async (scope) => {
    const { engine, project, labels, create, runs } = scope
    const { id } = await engine.createNetwork({ Name: project, Labels: { ...labels, role: 'x' }, Internal: true })
    const container = await create('web', runs, on(id))
    await engine.startContainer(container)
    assert.is((await engine.inspectNetwork(project))?.id, id)
    assert.equal((await engine.inspectNetwork(id))?.containers, [container])
    const [listed, ...others] = await engine.listNetworks({ labels: ['role=x'], names: [project] })
    assert.equal(others, [])
    assert.is(listed?.containers, undefined)
    assert.is(listed?.internal, true)
    assert.is(listed?.driver, 'bridge')
    assert.is(listed?.labels.role, 'x')
  })

  check('names of networks are matched whole', async ({ engine, project, labels }) => {
    await engine.createNetwork({ Name: `${project}x`, Labels: labels })
    assert.equal(await engine.listNetworks({ names: [project] }), [])
  })

  check('a container is on its network from the start, by its aliases', async (scope) => {
    const { engine, project, labels, create, runs } = scope
    const { id: network } = await engine.createNetwork({ Name: project, Labels: labels })
    const id = await create('web', runs, on(network, ['web', 'www']))
    assert.equal((await engine.inspectContainer(id))?.networks[project]?.networkId, '')
    await engine.startContainer(id)
    const endpoint = (await engine.inspectContainer(id))?.networks[project]
    assert.is(endpoint?.networkId, network)
    assert.match(endpoint?.ipAddress ?? '', /^\d+\.\d+\.\d+\.\d+$/)
    assert.ok(['web', 'www'].every((alias) => endpoint?.aliases.includes(alias)))
    const [summary] = await engine.listContainers({ names: [`${project}-web`] })
    assert.equal(summary?.networks, { [project]: { networkId: network, ipAddress: endpoint?.ipAddress ?? '' } })
  })

  check('renaming a running container keeps its endpoints and aliases', async (scope) => {
    const { engine, project, labels, create, runs } = scope
    const { id: network } = await engine.createNetwork({ Name: project, Labels: labels })
    const id = await create('web', runs, on(network, ['web']))
    await engine.startContainer(id)
    const before = (await engine.inspectContainer(id))?.networks
    await engine.renameContainer(id, `${project}-new`)
    assert.equal((await engine.inspectContainer(id))?.networks, before)
  })

  check('before API 1.44, a container gets one network when it is created', async (scope) => {
    const { engine, project, labels, create, runs } = scope
    if (await isNewer(scope)) return
    const one = await engine.createNetwork({ Name: `${project}-1`, Labels: labels })
    const two = await engine.createNetwork({ Name: `${project}-2`, Labels: labels })
    await refused(400, create('web', runs, { NetworkingConfig: { EndpointsConfig: { [one.id]: {}, [two.id]: {} } } }))
  })

  check('more networks are connected before the start', async (scope) => {
    const { engine, project, labels, create, runs } = scope
    const one = await engine.createNetwork({ Name: `${project}-1`, Labels: labels })
    const two = await engine.createNetwork({ Name: `${project}-2`, Labels: labels })
    const id = await create('web', runs, on(one.id, ['web']))
    await engine.connectNetwork(two.id, id, { Aliases: ['www'] })
    // While it does not run, connecting again is no error, and changes nothing.
    await engine.connectNetwork(two.id, id, { Aliases: ['other'] })
    await engine.startContainer(id)
    const networks = (await engine.inspectContainer(id))?.networks ?? {}
    assert.equal(Object.keys(networks).sort(), [`${project}-1`, `${project}-2`])
    assert.ok(networks[`${project}-2`]?.aliases.includes('www'))
    assert.not.ok(networks[`${project}-2`]?.aliases.includes('other'))
    assert.is(networks[`${project}-2`]?.networkId, two.id)
  })

  check('a running container is connected once, and disconnected once', async (scope) => {
    const { engine, project, labels, create, runs } = scope
    const { id: network } = await engine.createNetwork({ Name: project, Labels: labels })
    const id = await create('web', runs)
    await engine.startContainer(id)
    await engine.connectNetwork(network, id, { Aliases: ['web'] })
    await refused(403, engine.connectNetwork(network, id, {}))
    await engine.disconnectNetwork(network, id, { force: false })
    await refused(500, engine.disconnectNetwork(network, id, { force: false }))
    assert.equal(Object.keys((await engine.inspectContainer(id))?.networks ?? {}), ['bridge'])
  })

  check('a network with running containers is not removed', async ({ engine, project, labels, create, runs }) => {
    const { id: network } = await engine.createNetwork({ Name: project, Labels: labels })
    const id = await create('web', runs, on(network))
    await engine.startContainer(id)
    await refused(403, engine.removeNetwork(network))
    await engine.stopContainer(id, { grace: 10 })
    await engine.removeNetwork(network)
    await refused(404, engine.removeNetwork(network))
  })

  check(
    'a container that was started insists on the very network',
    async ({ engine, project, labels, create, runs }) => {
      const { id: network } = await engine.createNetwork({ Name: project, Labels: labels })
      const id = await create('web', runs, on(network))
      await engine.startContainer(id)
      await engine.stopContainer(id, { grace: 10 })
      await engine.removeNetwork(network)
      await engine.createNetwork({ Name: project, Labels: labels })
      await refused(404, engine.startContainer(id))
      assert.is((await engine.inspectContainer(id))?.state, 'exited')
      assert.is((await engine.inspectContainer(id))?.networks[project]?.networkId, network)
    },
  )

  for (const when of ['before', 'after'])
    check(
      `a stopped container leaves its network by name ${when} that was created again, and joins the new one`,
      async (scope) => {
        const { engine, project, labels, create, runs } = scope
        const { id: first } = await engine.createNetwork({ Name: project, Labels: labels })
        const id = await create('web', runs, on(project))
        await engine.startContainer(id)
        await engine.stopContainer(id, { grace: 10 })
        await engine.removeNetwork(first)
        const leave = () => engine.disconnectNetwork(project, id, { force: true })
        if (when === 'before') await leave()
        const second = await engine.createNetwork({ Name: project, Labels: labels })
        if (when === 'after') await leave()
        await engine.connectNetwork(second.id, id, { Aliases: ['web'] })
        await engine.startContainer(id)
        const { networks = {} } = (await engine.inspectContainer(id)) ?? {}
        assert.is(networks[project]?.networkId, second.id)
        assert.ok(networks[project]?.aliases.includes('web'))
      },
    )

  check('a container that was never started takes a network of that name', async (scope) => {
    const { engine, project, labels, create, runs } = scope
    const first = await engine.createNetwork({ Name: project, Labels: labels })
    const id = await create('web', runs, on(project))
    await engine.removeNetwork(first.id)
    await refused(404, engine.startContainer(id))
    const second = await engine.createNetwork({ Name: project, Labels: labels })
    await engine.startContainer(id)
    assert.is((await engine.inspectContainer(id))?.networks[project]?.networkId, second.id)
  })

  check(
    'made by name, a running container joins what takes the place of its network, and other networks',
    async (scope) => {
      const { engine, project } = scope
      const { id, other, again } = await moved(scope, () => project)
      await engine.connectNetwork(again, id, { Aliases: ['web'] })
      await engine.connectNetwork(other, id, {})
      const networks = (await engine.inspectContainer(id))?.networks ?? {}
      assert.equal([networks[project]?.networkId, networks[`${project}-2`]?.networkId], [again, other])
      assert.ok(networks[project]?.aliases.includes('web'))
    },
  )

  check('made by id, it joins them before API 1.44 only; a list shows how it was made', async (scope) => {
    const { engine, project } = scope
    const { id, other, again, first } = await moved(scope, (network) => network)
    const [listed] = await engine.listContainers({ names: [`${project}-web`] })
    assert.is(listed?.networkMode, first)
    const newer = await isNewer(scope)
    for (const network of [again, other]) {
      const joining = engine.connectNetwork(network, id, {})
      await (newer ? refused(404, joining) : joining)
    }
    // One that has no network left starts all the same, without any.
    await engine.stopContainer(id, { grace: 10 })
    await engine.startContainer(id)
  })

  check(
    'made by id, a container that was never started does not start without that network from API 1.44 on',
    async (scope) => {
      const { engine, project, labels, create, runs } = scope
      const first = await engine.createNetwork({ Name: project, Labels: labels })
      const id = await create('web', runs, on(first.id))
      await engine.removeNetwork(first.id)
      await engine.createNetwork({ Name: project, Labels: labels })
      const newer = await isNewer(scope)
      const starting = engine.startContainer(id)
      await (newer ? refused(404, starting) : starting)
    },
  )

  check('from API 1.44 on, a container gets all its networks when it is created', async (scope) => {
    const { engine, project, labels, create, runs } = scope
    if (!(await isNewer(scope))) return
    const names = [`${project}-1`, `${project}-2`]
    for (const Name of names) await engine.createNetwork({ Name, Labels: labels })
    const EndpointsConfig = Object.fromEntries(names.map((name) => [name, { Aliases: ['web'] }]))
    const [NetworkMode = ''] = names
    const id = await create('web', runs, { HostConfig: { NetworkMode }, NetworkingConfig: { EndpointsConfig } })
    const [listed] = await engine.listContainers({ names: [`${project}-web`] })
    assert.equal(Object.keys(listed?.networks ?? {}).sort(), names)
    await engine.startContainer(id)
    const { networks = {} } = (await engine.inspectContainer(id)) ?? {}
    assert.ok(names.every((name) => networks[name]?.ipAddress && networks[name]?.aliases.includes('web')))
  })

  check(
    'before API 1.44, two networks of one name: by name nothing goes, not even for a container made by id',
    async (scope) => {
      const { engine, project, labels, create, runs } = scope
      if (await isNewer(scope)) return
      const one = await engine.createNetwork({ Name: project, Labels: labels })
      const two = await engine.createNetwork({ Name: project, Labels: labels })
      assert.is.not(one.id, two.id)
      assert.is((await engine.listNetworks({ names: [project] })).length, 2)
      await refused(400, engine.inspectNetwork(project))
      await refused(400, engine.removeNetwork(project))
      const id = await create('web', runs, on(one.id))
      await refused(400, engine.startContainer(id))
      await engine.removeNetwork(two.id)
      await engine.startContainer(id)
      assert.is((await engine.inspectContainer(id))?.networks[project]?.networkId, one.id)
    },
  )

  check('pools must not overlap, and are reported as requested', async ({ engine, project, labels }) => {
    const IPAM = { Config: [{ Subnet: '10.231.0.0/24', Gateway: '10.231.0.9' }] }
    const { id } = await engine.createNetwork({ Name: project, Labels: labels, IPAM })
    assert.equal((await engine.inspectNetwork(id))?.ipam.config, [{ subnet: '10.231.0.0/24', gateway: '10.231.0.9' }])
    const overlapping = { Config: [{ Subnet: '10.231.0.0/16' }] }
    await refused(403, engine.createNetwork({ Name: `${project}-2`, Labels: labels, IPAM: overlapping }))
  })

  check('a static address is had once at a time', async ({ engine, project, labels, create, runs }) => {
    const IPAM = { Config: [{ Subnet: '10.232.0.0/24' }] }
    const { id: network } = await engine.createNetwork({ Name: project, Labels: labels, IPAM })
    const endpoint = { IPAMConfig: { IPv4Address: '10.232.0.7' } }
    const config = {
      HostConfig: { NetworkMode: network },
      NetworkingConfig: { EndpointsConfig: { [network]: endpoint } },
    }
    const first = await create('first', runs, config)
    const second = await create('second', runs, config)
    await engine.startContainer(first)
    assert.is((await engine.inspectContainer(first))?.networks[project]?.ipAddress, '10.232.0.7')
    assert.is((await engine.inspectContainer(first))?.networks[project]?.ipv4, '10.232.0.7')
    await refused(403, engine.startContainer(second))
    await engine.stopContainer(first, { grace: 10 })
    await engine.startContainer(second)
  })

  check('predefined networks are left alone', async ({ engine, labels }) => {
    await refused(403, engine.createNetwork({ Name: 'bridge', Labels: labels }))
    await refused(403, engine.removeNetwork('bridge'))
  })

  check('the network of another container is shared while that one runs', async ({ engine, create, runs }) => {
    const first = await create('first', runs)
    const second = await create('second', runs, { HostConfig: { NetworkMode: `container:${first}` } })
    await refused(409, engine.startContainer(second))
    await engine.startContainer(first)
    await engine.startContainer(second)
    assert.equal((await engine.inspectContainer(second))?.networks, {})
  })
}

/** A running container, made in a network that was taken away from it and recreated, beside another network. */
async function moved({ engine, project, labels, create, runs }: Scope, reference: (id: string) => string) {
  const { id: first } = await engine.createNetwork({ Name: project, Labels: labels })
  const { id: other } = await engine.createNetwork({ Name: `${project}-2`, Labels: labels })
  const id = await create('web', runs, on(reference(first)))
  await engine.startContainer(id)
  await engine.disconnectNetwork(first, id, { force: true })
  await engine.removeNetwork(first)
  const { id: again } = await engine.createNetwork({ Name: project, Labels: labels })
  return { id, first, other, again }
}

function on(network: string, Aliases: string[] = []) {
  return { HostConfig: { NetworkMode: network }, NetworkingConfig: { EndpointsConfig: { [network]: { Aliases } } } }
}

async function isNewer({ engine }: Scope): Promise<boolean> {
  return Number((await engine.version()).apiVersion.split('.')[1]) >= 44
}
