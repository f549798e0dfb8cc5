import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { found } from '../../../src/backend/engine/check/found.ts'
import { apiNumber } from '../../../src/backend/engine/plan/context.ts'
import type { ContainerDetail } from '../../../src/docker/port.ts'
import { ensureBuilt } from '../../support/cli.ts'
import { liveEngine, removeProject } from '../../support/live.ts'
import { attributesOf } from '../../support/schema-paths.ts'
import { ensureScratchImage, SCRATCH_IMAGE } from '../../support/scratch-image.ts'
import { DIFFERENT, ELSEWHERE, normalised, ownLabels, REFUSED } from '../attribute-paths.ts'
import { FILES, type Row, resources, table } from '../attribute-table.ts'
import { compose, composePlugin } from '../compose.ts'
import { type Scene, withScene } from '../scene.ts'

/**
 * Every attribute of a service is set, and read back from what the engine keeps of a container that was created and never started: as the
 * table says, and as `docker compose` has it made from the same file.
 */
const NET = `10.213.${process.pid % 250}`
const ALL = table(NET)
const nameOf = (index: number) => `r${String(index).padStart(3, '0')}`

test('every attribute of the schema is in the table, or elsewhere with a reason', () => {
  const schema = JSON.parse(readFileSync(join(import.meta.dirname ?? '', '../../../schemas/stack.schema.json'), 'utf8'))
  const paths = [...attributesOf(schema, schema.$defs.service).keys()]
  const elsewhere = Object.keys(ELSEWHERE)
  const isTested = (path: string) => ALL.some(({ yaml }) => found(yaml, path).length > 0)
  const isElsewhere = (path: string) => elsewhere.some((each) => path === each || path.startsWith(`${each}.`))
  assert.equal(
    paths.filter((path) => !isTested(path) && !isElsewhere(path)),
    [],
  )
  assert.equal(
    elsewhere.filter((path) => !paths.includes(path) || isTested(path)),
    [],
  )
})

const live = await liveEngine()
const api = 'skip' in live ? 0 : apiNumber(await live.engine.apiVersion())
const ROWS = ALL.filter(({ since = 0, until = 999 }) => since <= api && api < until)
const plugin = await composePlugin()
if ('skip' in live) {
  test.skip(`attributes: ${live.skip}`)
} else {
  ensureBuilt()
  await ensureScratchImage(live.engine)
  test('the engine keeps what the table says, the same as with docker compose', () =>
    withScene(live.engine, async (scene) => {
      for (const [path, text] of Object.entries(FILES)) await scene.write(path, text)
      await scene.write('some/file', '')
      await scene.stack({ services: services(), ...resources(NET) })
      const ours = await created(scene, async () => {
        const { code, stderr } = await scene.run('up', '--no-start')
        assert.is(code, 0, stderr)
      })
      assert.equal(wrong(ours), [])
      if ('skip' in plugin) return console.log(`skipped: ${plugin.skip}`)
      await removeProject(scene.engine, scene.project)
      const both = Object.entries(services()).filter((_, i) => !((ROWS[i]?.attribute ?? '') in REFUSED))
      await scene.stack({ services: Object.fromEntries(both), ...resources(NET) })
      const theirs = await created(scene, async () => {
        await compose(plugin.words, ['--progress', 'quiet', 'create'], { cwd: scene.folder, env: scene.env })
      })
      assert.equal(differences(ours, theirs), [])
    }))
}

function services(): Record<string, unknown> {
  return Object.fromEntries(
    ROWS.map(({ yaml }, i) => [nameOf(i), { image: SCRATCH_IMAGE, command: ['sleep', '1'], ...yaml }]),
  )
}

interface Kept {
  containers: Record<string, ContainerDetail['spec']>
  networks: Record<string, unknown>
  volumes: Record<string, unknown>
}

/** What the engine keeps of each container, network and volume, in words that do not depend on the run. */
async function created(scene: Scene, create: () => Promise<void>): Promise<Kept> {
  await create()
  const networks = await scene.engine.listNetworks({ labels: [`com.docker.compose.project=${scene.project}`] })
  const volumes = await scene.engine.listVolumes({ labels: [`com.docker.compose.project=${scene.project}`] })
  const containers = Object.entries(await scene.containers())
  const rename: [string, string][] = [
    ...networks.map(({ id, name }): [string, string] => [id, name]),
    [scene.folder, 'FOLDER'],
    [`"${scene.socket}:`, '"/var/run/docker.sock:'],
    [scene.project, 'PROJECT'],
  ]
  const own = (name: string) => name.replace(scene.project, 'PROJECT')
  return {
    containers: Object.fromEntries(
      containers.map(([name, { id, spec }]) => [name, normalised(spec, [...rename, [id.slice(0, 12), 'ID']])]),
    ),
    networks: Object.fromEntries(
      networks.map(({ id: _id, created: _created, name, labels, ipam, ...rest }) => [
        own(name),
        { ...rest, labels: ownLabels(labels), ipam: name.endsWith('_front') ? ipam : ipam.driver },
      ]),
    ),
    volumes: Object.fromEntries(
      volumes.map(({ name, labels, driver, options }) => [own(name), { driver, options, labels: ownLabels(labels) }]),
    ),
  }
}

function wrong(kept: Kept): unknown[] {
  assert.equal(kept.networks.PROJECT_front, {
    driver: 'bridge',
    internal: true,
    attachable: true,
    enableIPv6: false,
    options: { 'com.docker.network.bridge.enable_icc': 'true' },
    labels: { tier: 'front' },
    ipam: {
      driver: 'default',
      config: [
        { subnet: `${NET}.0/24`, gateway: `${NET}.1`, ipRange: `${NET}.128/25`, taken: { printer: `${NET}.200` } },
      ],
    },
  })
  assert.equal(kept.volumes.PROJECT_data, {
    driver: 'local',
    options: { type: 'tmpfs', device: 'tmpfs', o: 'size=1m' },
    labels: { keep: 'yes' },
  })
  return ROWS.flatMap((row, i) => {
    const found = at(kept.containers[`${nameOf(i)}-1`], row.kept)
    return JSON.stringify(sorted(found)) === JSON.stringify(sorted(row.is))
      ? []
      : [{ row: row.attribute, at: row.kept, found, is: row.is }]
  })
}

function differences(ours: Kept, theirs: Kept): unknown[] {
  assert.equal(ours.networks, theirs.networks)
  assert.equal(ours.volumes, theirs.volumes)
  return ROWS.flatMap((row, i) => {
    const name = `${nameOf(i)}-1`
    return row.attribute in REFUSED ? [] : differencesOf(row, ours.containers[name], theirs.containers[name])
  })
}

function differencesOf(row: Row, ours: unknown, theirs: unknown): unknown[] {
  const [flatOurs, flatTheirs] = [flat(ours), flat(theirs)]
  return [...new Set([...flatOurs.keys(), ...flatTheirs.keys()])].flatMap((path) => {
    const pair = [flatOurs.get(path), flatTheirs.get(path)]
    const same = JSON.stringify(pair[0]) === JSON.stringify(pair[1])
    const known = DIFFERENT.some((each) => [row.attribute, '*'].includes(each.attribute) && path.startsWith(each.kept))
    return same || known ? [] : [`${row.attribute} ${path}: ${JSON.stringify(pair[0])} ${JSON.stringify(pair[1])}`]
  })
}

/** What says nothing is as good as what is not there. */
function flat(value: unknown, path = '', into = new Map<string, unknown>()): Map<string, unknown> {
  const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value)
  if (isMapping) for (const [key, each] of Object.entries(value)) flat(each, path === '' ? key : `${path}.${key}`, into)
  else if (
    value !== null &&
    value !== '' &&
    value !== 0 &&
    value !== false &&
    !(Array.isArray(value) && value.length === 0)
  )
    into.set(path, value)
  return into
}

function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((each, key) => (each as Record<string, unknown> | undefined)?.[key], value)
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, each]): [string, unknown] => [key, sorted(each)])
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

test.run()
