import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { COMPOSE } from '../../../../src/backend/docker/labels.ts'
import { planUp } from '../../../../src/backend/engine/plan/command/up.ts'
import { UP } from '../../../../src/backend/intent.ts'
import { unwrap } from '../../../../src/diagnostics/checked.ts'
import type { Stack } from '../../../../src/stack/model.ts'
import { declared, stackOf } from '../../support.ts'
import { emptyWorld, upText, upWorld } from '../world.ts'

const idle: Stack = stackOf({
  services: { a: { volumes: [{ type: 'volume', source: 'used', target: '/u' }] } },
  networks: { default: { name: 'lab_default' }, idle: { name: 'lab_idle' }, there: { name: 'there', external: true } },
  volumes: { used: { name: 'lab_used' }, idle: { name: 'lab_idle' } },
})

function created(text: string): string[] {
  return [...text.matchAll(/create:((?:network|volume)\/\w+)/g)].map(([, address = '']) => address).sort()
}

test('unused resources are created only with --all-resources, also beside running services', () => {
  const there = { ...emptyWorld(idle), networks: upWorld(idle).networks.filter(({ name }) => name === 'there') }
  assert.equal([...new Set(created(upText(idle, there)))], ['network/default', 'volume/used'])
  const all = [...new Set(created(upText(idle, there, { allResources: true })))]
  assert.equal(all, ['network/default', 'network/idle', 'volume/idle', 'volume/used'])
  const up = { ...upWorld(idle), networks: upWorld(idle).networks.filter(({ name }) => name !== 'lab_idle') }
  assert.ok(created(upText(idle, up, { allResources: true })).includes('network/idle'))
  const missing = planUp(declared(idle), emptyWorld(idle), { ...UP, allResources: true })
  assert.not.ok(missing.ok)
})

test('networks and volumes carry the labels of docker compose, but never the hash of a definition', () => {
  const { steps } = unwrap(planUp(declared(idle), emptyWorld(idle), UP))
  const specs = steps.flatMap(({ action }) =>
    action.kind === 'create-network' || action.kind === 'create-volume' ? [action.spec.Labels ?? {}] : [],
  )
  assert.is(specs.length, 2)
  for (const labels of specs) {
    assert.equal([labels[COMPOSE.project], labels[COMPOSE.version]], ['lab', '2.40.3'])
    assert.not.ok(COMPOSE.configHash in labels)
  }
})

test('changed labels of a network recreate it; those that tools set count for nothing', () => {
  const labelled = (labels: Record<string, string>) =>
    stackOf({ services: { a: {} }, networks: { default: { name: 'lab_default', labels } } })
  const world = (labels: Record<string, string>) => {
    const { networks, ...rest } = upWorld(labelled({}))
    return { ...rest, networks: networks.map((each) => ({ ...each, labels: { ...each.labels, ...labels } })) }
  }
  const tools = { 'com.docker.compose.version': '5.0.0', 'com.docker.compose.config-hash': 'abc' }
  const text = (wanted: Record<string, string>, found: Record<string, string>) => upText(labelled(wanted), world(found))
  assert.match(text({ tier: 'back' }, { tier: 'front' }), 'remove:network/default: labels.tier changed')
  assert.match(text({ tier: 'back' }, {}), 'remove:network/default: labels.tier changed')
  assert.match(text({}, { tier: 'front' }), 'remove:network/default: labels.tier changed')
  assert.match(text({ tier: 'front' }, { ...tools, tier: 'front' }), '= network/default')
})

test.run()
