import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  containerAddress,
  imageAddress,
  kindOf,
  nameIn,
  networkAddress,
  oneOffAddress,
  orphanAddress,
  replicaAt,
  serviceAddress,
  serviceOf,
  shortName,
  stackAddress,
  volumeAddress,
} from '../../src/stack/address.ts'
import { found, sources } from '../support/sources.ts'

const NAMED = {
  service: serviceAddress,
  image: imageAddress,
  network: networkAddress,
  volume: volumeAddress,
  orphan: orphanAddress,
  oneoff: oneOffAddress,
  stack: stackAddress,
}

/** Of images, which may hold slashes, tags and digests; of all others a part is a possible name. */
const NAMES = ['web', 'a.b-c_d', 'registry.example:5000/team/app:1.2', 'app@sha256:0f', 'container/web/1']

test('an address says its kind and its name, however many slashes that has', () => {
  for (const [kind, build] of Object.entries(NAMED))
    for (const name of NAMES) {
      const address = build(name)
      assert.equal([kindOf(address), nameIn(address), shortName(address)], [kind, name, name])
      assert.is(serviceOf(address), kind === 'service' ? name.split('/')[0] : undefined)
      assert.is(replicaAt(address), undefined)
    }
})

test('a container is identified by its service and its number', () => {
  for (const number of [1, 2, 10, 123]) {
    const address = containerAddress('web', number)
    assert.equal(replicaAt(address), { service: 'web', number })
    assert.equal([kindOf(address), serviceOf(address), shortName(address)], ['container', 'web', `web-${number}`])
  }
})

const BUILDS = /[`](?:container|service|image|network|volume|orphan|oneoff|stack)\/\$\{/g
const READS = /['"/^(](?:container|service|image|network|volume|orphan|oneoff|stack)\\?\/['"/]/g

test('addresses are built and read in one file', () => {
  assert.equal([...found(BUILDS, 'stack/address.ts'), ...found(READS, 'stack/address.ts')], [])
  assert.is((sources().get('stack/address.ts') ?? '').match(BUILDS)?.length, 16)
})

test.run()
