import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { MARKER_LIMIT, placesOfData } from '../../src/backend/engine/database/data-version.ts'
import { familyOf } from '../../src/backend/engine/database/family.ts'
import { releaseName } from '../../src/backend/engine/database/version.ts'
import { type Scene, withScene } from '../live/scene.ts'
import { failedSteps, succeeded } from '../support/cli.ts'
import { liveEngine } from '../support/live.ts'
import { ensureScratchImage, SCRATCH_IMAGE } from '../support/scratch-image.ts'

/** The guard of databases on what the laboratory's real servers write, and on their real images. */
const lab = suite('lab databases')

const UP = ['--progress', 'json', 'up', '-d', '--wait']
const NEVER = new AbortController().signal

interface Real {
  image: string
  /** What the image is; PostGIS's is named by a variable, MySQL's by its list of packages. */
  release: RegExp
  /** How many files of its data tell its release. */
  markers: number
  home: string
  environment: Record<string, string>
  /** A variable by which another image claims to be of a release that cannot read these data. */
  other: [name: string, value: string]
  /** A file that claims the data to be of a release that the image cannot read. */
  marker: [path: string, content: string]
}

const REAL: Record<string, Real> = {
  mysql: {
    image: 'flotilla-lab-mysql:1',
    release: /^MySQL (9\.\d+|\d\d\.\d+)$/,
    markers: 2,
    home: '/var/lib/mysql',
    environment: { MYSQL_ROOT_PASSWORD: 'root-password-of-the-test' },
    other: ['MYSQL_VERSION', '8.4.3-1.el9'],
    marker: ['mysql_upgrade_history', '{"file_format":"1","upgrade_history":[{"version":"98.1.0"}]}'],
  },
  postgis: {
    image: 'flotilla-lab-postgis:1',
    release: /^PostgreSQL \d\d$/,
    markers: 1,
    home: '/var/lib/postgresql/data',
    environment: { POSTGRES_PASSWORD: 'password-of-the-test' },
    other: ['PG_MAJOR', '98'],
    marker: ['PG_VERSION', '98\n'],
  },
}

const live = await liveEngine()

for (const [name, real] of Object.entries(REAL)) {
  const isThere = 'engine' in live && (await live.engine.inspectImage(real.image)) !== undefined
  const check = (title: string, body: (scene: Scene) => Promise<void>) => {
    if (!('engine' in live) || !isThere) return lab.skip(title)
    const { engine } = live
    lab(title, () => ensureScratchImage(engine).then(() => withScene(engine, body)))
  }

  check(`${name}: the real server's data show its version, and other images are refused`, async (scene) => {
    const { stack, run, engine, container, containers } = scene
    const { home, environment, image } = real
    const db = { image, environment, volumes: [`data:${home}`], healthcheck: { test: ['CMD', 'healthy.sh'] } }
    await stack({ services: { db }, volumes: { data: null } })
    succeeded(await run(...UP))
    const before = await container('db-1')
    const family = familyOf({ image, environment }, [home])
    assert.ok(family)
    const markers = family ? placesOfData(family, {}, []) : []
    const found = await Promise.all(
      markers.map(async ({ path, marker }) => {
        const file = await engine.readFile(before.id, path, { limit: MARKER_LIMIT }, NEVER)
        return (file && marker.read(file.content)) ?? []
      }),
    )
    assert.is(found.flat().length, real.markers)
    for (const version of found.flat()) assert.match(releaseName(version), real.release)
    await withPretender(scene, real, async (pretender) => {
      await stack({ services: { db: { ...db, image: pretender } }, volumes: { data: null } })
      assert.equal(
        failedSteps(await run(...UP)).map(({ problem }) => problem.code),
        ['database-version'],
      )
    })
    assert.equal(
      Object.values(await containers()).map(({ id, startedAt, state }) => [id, startedAt, state]),
      [[before.id, before.startedAt, 'running']],
    )
  })

  check(`${name}: the real image is not started on data of another release`, async (scene) => {
    const { stack, run, engine, project } = scene
    const { home, environment, image, marker } = real
    const [path, content] = marker
    await engine.createVolume({ Name: `${project}_data`, Labels: { 'com.docker.compose.project': project } })
    const { id } = await engine.createContainer(`${project}-writer`, {
      Image: SCRATCH_IMAGE,
      Labels: { 'com.docker.compose.project': project },
      HostConfig: { Binds: [`${project}_data:/data`] },
    })
    await engine.putFiles(id, '/data', [{ path, content: Buffer.from(content), mode: 0o644, uid: 999, gid: 999 }])
    await engine.removeContainer(id, { force: true, volumes: false })
    await stack({ services: { db: { image, environment, volumes: [`data:${home}`] } }, volumes: { data: null } })
    const [failure] = failedSteps(await run(...UP))
    assert.is(failure?.problem.code, 'database-version')
    assert.match(failure?.problem.message ?? '', /98/)
  })
}

/** An image with nothing in it but the claim to be another release. */
async function withPretender({ engine, project }: Scene, { other }: Real, body: (name: string) => Promise<void>) {
  const name = `${project}-pretender:1`
  const lines = [`FROM ${SCRATCH_IMAGE}`, `ENV ${other.join('=')}`, 'CMD ["sleep", "1000"]']
  const spec = { context: import.meta.dirname, dockerfile: 'Dockerfile', dockerfileInline: lines.join('\n') }
  await engine.buildImage(
    { ...spec, tags: [name], args: {}, labels: {}, cacheFrom: [], extraHosts: [], noCache: false, pull: false },
    { signal: AbortSignal.timeout(60_000), onProgress: () => undefined, onOutput: () => undefined },
  )
  try {
    await body(name)
  } finally {
    await engine.removeImage(name)
  }
}

lab.run()
